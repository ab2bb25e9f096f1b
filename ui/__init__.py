"""The console: a registry in the browser, for the people who decide and look.

It talks to the registry as the person who signed in, through `registry.remote`, and
has no power of its own: every rule is the registry's.

* `serving.py` is the web server around Streamlit: who gets in, and which headers
  every answer has.  `app.py` is the script that Streamlit runs for each person.
* `views/` has a file for each page.  A page reads what it shows, shows it, and sends
  what somebody decides.
* `parts/` has what several pages show.
"""
