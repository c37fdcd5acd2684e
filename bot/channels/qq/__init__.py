"""The official QQ bot, through nonebot-adapter-qq: what we recommend for QQ."""
