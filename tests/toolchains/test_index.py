"""What the user told pip reaches uv, unless the user told uv something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.toolchains.index import pip_sources, uv_names_sources, uv_settings
from harness.toolchains.installer import uv_environ

pytestmark = pytest.mark.usefixtures("no_settings")
NOWHERE = {"UV_NO_CONFIG": "1"}
A, B = "https://a.example/simple", "https://b.example/simple"
VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
}


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("index-url", A, {"UV_DEFAULT_INDEX": A}),
        ("extra-index-url", f"\n{A}\n{B}", {"UV_INDEX": f"{A} {B}"}),
        ("extra-index-url", f"{A}  {B}", {"UV_INDEX": f"{A} {B}"}),
        ("find-links", "/w\n./x", {"UV_FIND_LINKS": "/w,./x"}),
        ("find-links", "~/w", {"UV_FIND_LINKS": str(Path.home() / "w")}),
        ("cert", "/ca.pem", {"SSL_CERT_FILE": "/ca.pem"}),
        ("cert", "~/ca.pem", {"SSL_CERT_FILE": str(Path.home() / "ca.pem")}),
        ("client-cert", "/me.pem", {"SSL_CLIENT_CERT": "/me.pem"}),
        ("proxy", "proxy.example:3128", {"ALL_PROXY": "proxy.example:3128"}),
        ("trusted-host", "a b:80", {"UV_INSECURE_HOST": "a b:80"}),
        ("timeout", "7.5", {"UV_HTTP_TIMEOUT": "7"}),
        ("default-timeout", "60", {"UV_HTTP_TIMEOUT": "60"}),
        ("retries", "2", {"UV_HTTP_RETRIES": "2"}),
        ("no-color", "1", {}),
    ],
)
def test_a_setting_of_pips_has_its_like_in_uv(
    option: str, value: str, expected: dict[str, str]
) -> None:
    """Several values are separated as uv wants them to be."""
    assert expected == uv_settings({option: value}, NOWHERE).environ


@given(
    pip=st.dictionaries(st.sampled_from(sorted(VARIABLES)), st.just("x"), min_size=1),
    taken=st.sets(st.sampled_from(sorted(VARIABLES.values()))),
)
def test_what_the_user_told_uv_is_never_overridden(
    pip: dict[str, str], taken: set[str]
) -> None:
    """Whatever combination of the two there is, and nothing else is left out."""
    environ = NOWHERE | dict.fromkeys(taken, "mine")
    expected = {VARIABLES[option] for option in pip} - taken

    assert expected == set(uv_settings(pip, environ).environ)


@pytest.mark.parametrize(
    ("option", "variable"),
    [
        ("index-url", "UV_INDEX_URL"),
        ("extra-index-url", "UV_EXTRA_INDEX_URL"),
        ("cert", "SSL_CERT_DIR"),
        ("cert", "UV_SYSTEM_CERTS"),
        ("cert", "UV_NATIVE_TLS"),
        ("proxy", "https_proxy"),
        ("proxy", "HTTP_PROXY"),
        ("timeout", "UV_REQUEST_TIMEOUT"),
    ],
)
def test_other_names_of_a_uv_setting_count_as_well(option: str, variable: str) -> None:
    """There are older and more general names of some settings of uv."""
    assert {} == uv_settings({option: "x"}, NOWHERE | {variable: "mine"}).environ


@pytest.mark.parametrize("value", ["1", "true", "YES", "on"])
def test_no_index_is_an_option_for_uv(value: str) -> None:
    """There is no variable for it; and offline would be wrong, for links may be far."""
    assert ("--no-index",) == uv_settings({"no-index": value}, NOWHERE).options


@pytest.mark.parametrize("value", ["0", "false", "no"])
def test_no_index_can_be_off(value: str) -> None:
    """By the words that pip takes."""
    assert () == uv_settings({"no-index": value}, NOWHERE).options


def test_no_index_does_not_take_from_uv_an_index_it_was_told() -> None:
    """Who names an index for uv wants it to be asked."""
    environ = NOWHERE | {"UV_DEFAULT_INDEX": A}

    assert () == uv_settings({"no-index": "1"}, environ).options


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f'index-url = "{A}"', True),
        (f'[[index]]\nurl = "{A}"', True),
        ("[pip]\nno-index = true", True),
        ("not toml", True),
        ('cache-dir = "/c"', False),
    ],
)
def test_a_configuration_file_of_uvs_may_name_sources(
    tmp_path: Path, content: str, *, expected: bool
) -> None:
    """A file that is broken counts, for uv will say so."""
    path = tmp_path / "config" / "uv" / "uv.toml"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}

    assert expected == uv_names_sources(environ)
    assert expected == uv_names_sources({"UV_CONFIG_FILE": str(path)})


def test_sources_in_uvs_configuration_leave_no_room_for_pips(tmp_path: Path) -> None:
    """Variables would win over the file. How to get through to them is still told."""
    path = tmp_path / "uv.toml"
    path.write_text(f'index-url = "{A}"', encoding="utf-8")
    pip = {"index-url": B, "extra-index-url": B, "no-index": "1", "proxy": "p:1"}

    translated = uv_settings(pip, {"UV_CONFIG_FILE": str(path)})

    assert ({"ALL_PROXY": "p:1"}, ()) == translated


def test_uv_gets_no_variable_that_changes_what_is_installed() -> None:
    """Those that say where packages come from, and any other, stay."""
    environ = {"UV_EXCLUDE": "x", "PYTHONPATH": "/p", "UV_INDEX": A, "HOME": "/h"}

    assert {"UV_INDEX", "HOME"} == uv_environ(environ).keys() & environ.keys()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"UV_DEFAULT_INDEX": f"main={B}"}, {"PIP_INDEX_URL": B}),
        ({"UV_INDEX_URL": B}, {"PIP_INDEX_URL": B}),
        ({"UV_INDEX": f"a={A} {B}"}, {"PIP_EXTRA_INDEX_URL": f"{A} {B}"}),
        ({"UV_FIND_LINKS": "/w,/x"}, {"PIP_FIND_LINKS": "/w /x"}),
        ({"SSL_CERT_FILE": "/ca.pem"}, {"PIP_CERT": "/ca.pem"}),
        ({"UV_OFFLINE": "1"}, {"PIP_NO_INDEX": "1"}),
        ({"UV_PYTHON": "3"}, {}),
    ],
)
def test_what_the_user_told_uv_holds_for_pip_as_well(
    environ: dict[str, str], expected: dict[str, str]
) -> None:
    """Where pip does the work, for interpreters that are too old for uv."""
    told = pip_sources({"index-url": A, "target": "/t"}, environ)

    assert {"PIP_INDEX_URL": A} | expected == told
