"""What `make bench` runs: figures of this machine, side by side, with no pass or fail by time.

    python -m benchmarks [--quick] [--rounds 3] [--only road,writer,ranking] [--minutes 14]

`load` plays a OneBot V11 endpoint; `anchors/` holds three programs to compare with; `road` drives them and
the product; `writer` and `ranking` measure the store alone; `product` is the only file that knows the
product; `report` prints.
"""
