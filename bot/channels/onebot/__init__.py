"""OneBot V11: the unofficial road to QQ (NapCat, LuckyLilliaBot and their kin)."""
