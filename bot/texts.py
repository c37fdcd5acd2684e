"""What the bot itself says to people; each plugin has a module like this for its own words."""

from __future__ import annotations

UNBOUND = (
    "您好，我是政务信息报送助手。您的账号还没有登记。\n"
    "请向信息科要一个绑定码，然后在这里发：/绑定 绑定码\n"
    "绑定之前，您发的内容我都不会收，请不要在这里发送任何信息稿件。"
)

FAULT = "没有办成，编号 {reference}。您的内容没有收下，请稍后再试；再不行，请把这个编号告诉信息科。"

UNKNOWN_COMMAND = "不认识“/{word}”。您是想发“/{suggestion}”吗？发“/帮助”看全部命令。"
UNKNOWN_WORD = "不认识“/{word}”。发“/帮助”看您能用的命令。"
HINT = "没看懂这句话。报送信息请发“/报送 标题”，下面写正文；发“/帮助”看全部命令。"

NOTHING_TO_CONFIRM = "现在没有等您确认的内容；刚才确认过的已经办好，不会重复办理。"

REFUSED = (
    "您刚才发的内容没有收下，也没有保存：{rule}。\n"
    "这类内容不能在{place}里传。{action}请改走{refused_to}。\n"
    "如果是误判，请把相关字样去掉后重发，或联系信息科人工登记。"
)
RECALL = "请您立即撤回原消息。"

WRITE_TO_ME_FIRST = (
    "这个回答只能私聊给您，但我还没有您的私聊账号。请向信息科要一个绑定码，私聊我发：/绑定 绑定码，然后再问。"
)
GOT_PRIVATELY = "已私聊发给您。"

NOT_HERE = "您刚才在通知群里发给我的没有收下：那个群只用来发通知。请私聊我，或到报送群里发。"
REGISTER = "这个群还没有登记，刚才的话没有收下。要在这里用，请发：@我 绑定本群"
LET_REGISTER = "这个群还没有登记，刚才的话没有收下。请信息科的人在群里发“@我 绑定本群”，或私聊我。"
TOO_LONG_MESSAGE = "这条消息太长了，没有收下。请把正文做成文件发送，或分条报送。"
UNNAMED = "附件"
FILE_TIMEOUT = "文件《{name}》没有取到（网络超时），没有收下。请重新发送一次。"
FILE_CHANGED = "文件《{name}》取到的大小与公布的不一致，没有收下。请重新发送一次。"

PICTURE_MISSED = "第{place}张图没有收下（{reason}）。"
PICTURE_NOT_FETCHED = "没有取到"
PICTURE_TOO_BIG = "太大，一张不超过 {limit} MB"
PICTURES_TOO_BIG = "一次发的图太大，合计不超过 {limit} MB"
TOO_MANY_PICTURES = "太多，一次最多 {most} 张"
NO_PICTURE = "打不开，不是图片"
PICTURES_NOT_TAKEN = "\n（图片没有收下：图片只能随“报送”的文字一起发，或报送后 10 分钟内发。）"
