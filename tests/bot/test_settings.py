"""The settings: what is refused and how it is said, the environment, secrets in files, and the example beside them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from bot.settings import OneBot, Settings, SettingsFault, load

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def loaded(folder: Path, text: str, **environment: str) -> Settings:
    config = folder / "config.toml"
    config.write_text(text, encoding="utf-8")
    return load(config, environment)


def fault_of(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(SettingsFault) as fault:
        loaded(folder, text, **environment)
    return str(fault.value)


def test_without_a_file_everything_has_its_default() -> None:
    settings = load(None, {})
    assert settings.server.port == 8080
    assert settings.onebot is None
    assert settings.qq is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nprot = 1", "server.prot: unknown key; see config.example.toml for all keys"),
        ("[sever]\nport = 1", "sever: unknown key; see config.example.toml for all keys"),
        ("[onebot.pace]\nfast = 1", "onebot.pace.fast: unknown key; see config.example.toml for all keys"),
        ("folder = 'x'", "folder: unknown key; see config.example.toml for all keys"),
        ("[server]\nport = '8080'", "server.port: found '8080'; allowed: a valid integer"),
        ("[server]\nport = 0", "server.port: found 0; allowed: greater than or equal to 1"),
        ("[server]\nport = true", "server.port: found True; allowed: a valid integer"),
        ("[scoreboard]\nenabled = 1", "scoreboard.enabled: found 1; allowed: a valid boolean"),
        ("[scoreboard]\npeople = '周科长'", "scoreboard.people: found '周科长'; allowed: a valid list"),
        ("[scoreboard]\npeople = [7]", "scoreboard.people.0: found 7; allowed: a valid string"),
        ("[audience]\nrank = 'all'", "audience.rank: found 'all'; allowed: 'private' or 'chat'"),
        ("server = 1", "server: found 1; allowed: a valid dictionary or instance of Server"),
        ("[nudges]\nat = '25:00'", "nudges.at: found '25:00'; allowed: a time of day such as 09:00"),
    ],
)
def test_a_wrong_key_or_value_is_told_with_its_place_what_was_found_and_what_is_allowed(
    tmp_path: Path, text: str, said: str
) -> None:
    assert fault_of(tmp_path, text).startswith(said)


@pytest.mark.parametrize("hours", ['"0830-1145"', '"11:45-08:30"', '"08:30"', '"24:00-25:00"'])
def test_speaking_hours_that_are_none_are_told_by_their_key(tmp_path: Path, hours: str) -> None:
    assert fault_of(tmp_path, f"[office]\nspeaking_hours = [{hours}]").startswith("office.speaking_hours: found [")


@pytest.mark.parametrize("group", ["200001", "telegram:1", "onebot:"])
def test_a_group_names_its_platform(tmp_path: Path, group: str) -> None:
    assert "like onebot:200001" in fault_of(tmp_path, f"[scoreboard]\ngroups = ['{group}']")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    said = fault_of(tmp_path, "[server]\nport = 0\nprot = 1\n[log]\nlevel = 'LOUD'")
    assert [line.partition(":")[0] for line in said.splitlines()] == ["server.port", "server.prot", "log.level"]


@pytest.mark.parametrize(
    "text",
    [
        "[onebot]\ntoken = 12345678",
        "[onebot]\ntoken = 'geheim heim'",
        "[onebot]\nhttp_secret = ['geheim']",
        "[qq]\nsecret = 'geheim'",
        "[wecom]\ncorp_id = 'ww1'\nwebhooks = ['geheim']",
        "[wecom]\ncorp_id = 'ww1'\nwebhooks = 'geheim'",
        "[wecom]\ncorp_id = 'ww1'\n[wecom.app]\nagent_id = 1\nsecret = 's'\ntoken = 't'\nencoding_aes_key = 'geheim'",
        "[storage]\nurl = 'postgres://baosong:geheim@db/x'",
        "[onebot]\nforward_urls = ['http://x/?access_token=geheim']",
    ],
)
def test_a_secret_is_never_shown(tmp_path: Path, text: str) -> None:
    said = fault_of(tmp_path, text)
    assert "geheim" not in said
    assert "12345678" not in said


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[server]\nhost = '0.0.0.0'\n[onebot]", "onebot.token: found nothing while server.host is 0.0.0.0"),
        ("[server]\nhost = 'bot.example'\n[onebot]", "onebot.token: found nothing while server.host is bot.example"),
        ("[onebot]\nhttp_post = true", "onebot.http_secret: found nothing"),
        ("[onebot]\nhttp_api = 'http://127.0.0.1:3000'", "onebot.http_api: found an address"),
        ("[qq]\nsecret = 'x'", "qq.app_id: found nothing"),
        ("[qq]\napp_id = '1'", "qq.secret: found nothing"),
        ("[wecom]\n[wecom.app]\nagent_id = 1", "wecom.corp_id: found nothing"),
        ("[wecom]\ncorp_id = 'ww1'", "wecom: found no identity"),
        ("[wecom]\ncorp_id = 'ww1'\n[wecom.app]\nsecret = 's'", "wecom.app.agent_id: found nothing"),
        ("[wecom]\ncorp_id = 'ww1'\n[wecom.app]\nagent_id = 1", "wecom.app.secret: found nothing"),
        (
            "[wecom]\ncorp_id = 'ww1'\n[wecom.app]\nagent_id = 1\nsecret = 's'\ntoken = 't'",
            "wecom.app.encoding_aes_key: found nothing",
        ),
        ("[wecom]\ncorp_id = 'ww1'\n[wecom.aibot]\nbot_id = 'aib1'", "wecom.aibot.secret: found nothing"),
        (
            "[wecom]\ncorp_id = 'ww1'\n[wecom.aibot]\nbot_id = 'aib1'\ntransport = 'callback'\nsecret = 's'",
            "wecom.aibot.token: found nothing",
        ),
        ("[wecom]\ncorp_id = 'ww1'\nwebhooks = 'geheim'", "wecom.webhooks: found a line without chat or key"),
    ],
)
def test_a_secret_or_an_account_that_is_missing_is_asked_for(tmp_path: Path, text: str, key: str) -> None:
    assert fault_of(tmp_path, text).startswith(key)


def test_on_loopback_no_token_is_needed(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        assert loaded(tmp_path, f"[server]\nhost = '{host}'\n[onebot]").onebot is not None


def test_a_file_that_is_no_toml_or_not_there_is_told(tmp_path: Path) -> None:
    assert "config.toml" in fault_of(tmp_path, "[server\n")
    with pytest.raises(SettingsFault, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml", {})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        "[server]\nport = 8081\n[onebot]\ntoken = 'of-the-file'",
        BAOSONG_SERVER__PORT="8082",
        BAOSONG_SERVER__STOP_SECONDS="2.5",
        BAOSONG_SCOREBOARD__ENABLED="false",
        BAOSONG_SCOREBOARD__PEOPLE="周科长, 吴科员",
        BAOSONG_OFFICE__MEASURES='["a.toml", "b.toml"]',
        BAOSONG_ONEBOT__TOKEN="123456",
        BAOSONG_ONEBOT__PACE__ALL_MS="0",
        BAOSONG_QQ__APP_ID="102000000",
        BAOSONG_QQ__SECRET="s",
        BAOSONG_LOG__LEVEL="DEBUG",
        BAOSONG_BENCH_COMMIT_DELAY_MS="5",
        PATH="/bin",
    )
    assert settings.onebot is not None
    assert settings.qq is not None
    assert (settings.server.port, settings.server.stop_seconds) == (8082, 2.5)
    assert settings.scoreboard.enabled is False
    assert settings.scoreboard.people == ["周科长", "吴科员"]
    assert settings.office.measures == ["a.toml", "b.toml"]
    assert settings.onebot.token.get_secret_value() == "123456"
    assert settings.onebot.pace.all_ms == 0
    assert settings.qq.app_id == "102000000"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BAOSONG_SERVER__PROT", "1", "server.prot: unknown key"),
        ("BAOSONG_SERVER__PORT", "many", "server.port: found 'many'; allowed: a valid integer"),
        ("BAOSONG_SERVER__PORT__X", "1", "server.port: found a value; allowed: a section"),
        ("BAOSONG_SCOREBOARD__ENABLED", "perhaps", "scoreboard.enabled: found 'perhaps'; allowed: a valid boolean"),
        ("BAOSONG_OFFICE__MEASURES", "[a", "office.measures: found '[a'; allowed: a valid list"),
        ("BAOSONG_FOLDER__X", "1", "folder: unknown key"),
    ],
)
def test_a_wrong_variable_is_told_like_a_wrong_key(tmp_path: Path, name: str, value: str, said: str) -> None:
    assert fault_of(tmp_path, "[server]\nport = 8080", **{name: value}).startswith(said)


AES_KEY = "a" * 43
WECOM = {
    "BAOSONG_WECOM__APP__AGENT_ID": "1",
    "BAOSONG_WECOM__APP__SECRET": "s",
    "BAOSONG_WECOM__APP__TOKEN": "t",
    "BAOSONG_WECOM__APP__ENCODING_AES_KEY": AES_KEY,
    "BAOSONG_WECOM__AIBOT__BOT_ID": "aib1",
    "BAOSONG_WECOM__AIBOT__SECRET": "s",
    "BAOSONG_WECOM__AIBOT__TOKEN": "t",
    "BAOSONG_WECOM__AIBOT__ENCODING_AES_KEY": AES_KEY,
}


def _example_of(annotation: Any) -> tuple[str, Any]:
    """(as the environment has it, as the settings have it) for a key's type."""
    if annotation is bool:
        return "false", False
    if annotation is int:
        return "7", 7
    if annotation is float:
        return "7.5", 7.5
    if annotation is SecretStr:
        return "s", SecretStr("s")
    if annotation == list[str]:
        return "", []
    last = get_args(annotation)[-1]
    return last, last


def _keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any, Any]]:
    """Every key with its annotation and its default."""
    found: list[tuple[tuple[str, ...], Any, Any]] = []
    for name, field in model.model_fields.items():
        inner = next((a for a in (field.annotation, *get_args(field.annotation)) if _is_model(a)), None)
        if inner is not None:
            found += _keys(inner, (*path, name))
        elif (*path, name) != ("folder",):
            found.append(((*path, name), field.annotation, field.default))
    return found


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


@pytest.mark.parametrize(
    ("path", "annotation"),
    [(path, annotation) for path, annotation, _ in _keys(Settings) if annotation is not str],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_every_key_can_be_set_in_the_environment(path: tuple[str, ...], annotation: Any) -> None:
    written, meant = _example_of(annotation)
    needed = {"BAOSONG_QQ__APP_ID": "1", "BAOSONG_QQ__SECRET": "s"} if path[0] == "qq" else {}
    if path[0] == "wecom":
        needed |= {name: value for name, value in WECOM.items() if path[1] in ("webhooks", *name.lower().split("__"))}
        needed |= {"BAOSONG_WECOM__CORP_ID": "ww1", "BAOSONG_WECOM__WEBHOOKS": "wr1 = k"}
    if path[-1] == "encoding_aes_key":
        written, meant = AES_KEY, SecretStr(AES_KEY)
    if path[-1] == "transport":
        written = meant = "callback"
    if path == ("wecom", "webhooks"):
        written, meant = "wr2 = k", SecretStr("wr2 = k")
    if path == ("onebot", "http_post"):
        needed |= {"BAOSONG_ONEBOT__HTTP_SECRET": "s"}
    value: Any = load(None, needed | {"BAOSONG_" + "__".join(path).upper(): written})
    for key in path:
        value = getattr(value, key)
    assert value == meant


def test_secrets_are_read_from_files_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-the-file\n")
    (tmp_path / "url").write_text("postgresql://baosong:pw@db/baosong\n")
    (tmp_path / "qq").write_text("qq-secret\n")
    settings = loaded(
        tmp_path,
        "[storage]\nurl_file = 'url'\n[onebot]\ntoken_file = 'token'\nhttp_secret_file = 'token'\n"
        "[qq]\napp_id = '1'\nsecret_file = 'qq'",
    )
    assert settings.onebot is not None
    assert settings.qq is not None
    assert settings.onebot.token.get_secret_value() == "from-the-file"
    assert settings.onebot.http_secret.get_secret_value() == "from-the-file"
    assert settings.qq.secret.get_secret_value() == "qq-secret"
    assert settings.storage.url == "postgresql://baosong:pw@db/baosong"


def test_secrets_of_a_section_within_a_section_are_read_from_files_too(tmp_path: Path) -> None:
    (tmp_path / "app").write_text("app-secret\n")
    (tmp_path / "hooks").write_text("wrReporters = key-1\nwrOffice = key-2\n")
    wecom = loaded(
        tmp_path,
        "[wecom]\ncorp_id = 'ww1'\nwebhooks_file = 'hooks'\n[wecom.app]\nagent_id = 1000002\nsecret_file = 'app'",
    ).wecom
    assert wecom is not None
    assert wecom.app is not None
    assert wecom.app.secret.get_secret_value() == "app-secret"
    assert wecom.webhook_keys == {"wrReporters": "key-1", "wrOffice": "key-2"}
    said = fault_of(tmp_path, "[wecom]\ncorp_id = 'ww1'\n[wecom.app]\nagent_id = 1\nsecret_file = 'nowhere'")
    assert said.startswith("wecom.app.secret_file: found nowhere")


def test_a_secret_file_that_is_not_there_or_beside_the_secret_itself_is_refused(tmp_path: Path) -> None:
    assert fault_of(tmp_path, "[onebot]\ntoken_file = 'nowhere'").startswith("onebot.token_file: found nowhere")
    (tmp_path / "token").write_text("t")
    said = fault_of(tmp_path, "[onebot]\ntoken = 'geheim'\ntoken_file = 'token'")
    assert said == "onebot.token_file: found beside onebot.token; allowed: one of the two"


def test_the_environment_s_secret_wins_whichever_way_each_is_given(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file")
    plain = loaded(tmp_path, "[onebot]\ntoken_file = 'token'", BAOSONG_ONEBOT__TOKEN="plain").onebot
    from_file = loaded(tmp_path, "[onebot]\ntoken = 'plain'", BAOSONG_ONEBOT__TOKEN_FILE="token").onebot
    assert plain is not None
    assert from_file is not None
    assert plain.token.get_secret_value() == "plain"
    assert from_file.token.get_secret_value() == "from-a-file"


def test_a_secret_is_not_printed_with_the_settings() -> None:
    assert "geheim" not in repr(OneBot(token=SecretStr("geheim")))


def _uncommented() -> str:
    """The example with every key switched on: lines like `# key = value` and `# [section]` lose their mark."""
    key = re.compile(r"^# (\[[a-z_.]+\]|[a-z_]+ = .*)$", re.MULTILINE)
    return key.sub(r"\1", EXAMPLE.read_text("utf-8"))


def _written(tree: dict[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in tree.items():
        found |= _written(value, (*path, key)) if isinstance(value, dict) else {(*path, key): value}
    return found


def test_the_example_as_it_is_changes_nothing(tmp_path: Path) -> None:
    settings = loaded(tmp_path, EXAMPLE.read_text("utf-8"))
    assert settings.model_dump() == load(None, {}).model_dump()


def test_the_example_with_every_key_switched_on_can_be_loaded(tmp_path: Path) -> None:
    settings = loaded(tmp_path, _uncommented())
    assert settings.qq is not None
    assert settings.onebot == OneBot()


def test_the_example_names_every_key_and_no_other_with_its_default() -> None:
    written = _written(tomllib.loads(_uncommented()))
    known = {path: default for path, _, default in _keys(Settings)}
    assert written.keys() == known.keys()
    for path, default in known.items():
        if default is PydanticUndefined or (path[0] in ("qq", "wecom") and path[-1] == "secret"):
            continue  # these have no default that could be shown
        plain = default.get_secret_value() if isinstance(default, SecretStr) else default
        assert written[path] == plain, path


def test_every_section_of_the_example_is_explained_in_chinese() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    sections = [number for number, line in enumerate(lines) if re.fullmatch(r"# \[[a-z_.]+\]", line)]
    assert len(sections) == len({path[:-1] for path, _, _ in _keys(Settings)})
    for number in sections:
        assert re.match(r"# .*[\u4e00-\u9fff]", lines[number - 1]), lines[number]
