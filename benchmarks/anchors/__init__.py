"""Programs to compare the product with, each run as `python -m benchmarks.anchors.NAME --port N`.

All three are the server of a reverse WebSocket at /onebot/v11/ws and answer a submission by quoting it;
what is no submission stays unanswered.
"""
