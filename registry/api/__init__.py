"""The door over HTTP: for chatbots, for people and for pipelines."""
