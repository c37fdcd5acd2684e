"""WeChat Work (企业微信) for this house: its callbacks become messages, our messages find their way out."""
