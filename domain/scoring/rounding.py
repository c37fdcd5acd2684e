"""The one way a quotient becomes a hundredth."""

from __future__ import annotations


def divide(top: int, bottom: int) -> int:
    """`top` / `bottom` to the nearest whole, halves away from zero (四舍五入): 5/2 gives 3, -5/2 gives -3.

    Exact for any size. `bottom` must be above zero.
    """
    if bottom <= 0:
        raise ValueError(f"cannot divide by {bottom}")
    half_up = (2 * abs(top) + bottom) // (2 * bottom)
    return half_up if top >= 0 else -half_up
