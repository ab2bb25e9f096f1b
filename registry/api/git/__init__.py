"""git over HTTP: cloning what is live, and pushing what is to be proposed.

    /git/<environment>.git    its `main` is what is live; pushes to refs/for/ propose
    /git/ledger.git           the whole ledger, to be read

git's clients talk to three addresses of a repository.  Reading is answered by git
itself; a push is answered here, step by step, so that no hook is run.
"""
