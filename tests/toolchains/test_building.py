"""An environment holds what its lock says, and is built only where it must be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from harness.model.toolchain import Environment
from harness.toolchains import ToolchainError, build, building, stamp
from harness.toolchains.interpreter import probe
from tests.toolchains.packages import lock_line, make_wheel, toolchain
from tests.toolchains.slow_index import slow_index


def directory_of(environment: Environment) -> Path:
    """Return the directory that holds an environment and its stamp."""
    return Path(environment.root).parent


def names(environment: Environment) -> list[str]:
    """Return the names of the packages of an environment."""
    return [distribution.name for distribution in environment.distributions]


@pytest.fixture
def no_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it impossible to run uv."""

    def refuse(*_arguments: object) -> None:
        pytest.fail("uv was run")

    monkeypatch.setattr(building, "run_uv", refuse)


def test_a_built_package_can_be_used_by_script_and_by_import(
    lock: Path, cache: Path
) -> None:
    """Scripts start with the environment's own interpreter."""
    environment = build(toolchain(lock), cache)

    by_script = subprocess.check_output([f"{environment.root}/bin/tiny"], text=True)
    by_import = subprocess.check_output(
        [environment.python, "-c", "import tiny; tiny.main()"], text=True
    )

    assert ("here\n", "here\n") == (by_script, by_import)


def test_an_environment_holds_only_what_its_lock_pins(lock: Path, cache: Path) -> None:
    """There is no pip in it, and nothing of the packages that the harness uses."""
    environment = build(toolchain(lock), cache)

    assert ["tiny"] == names(environment)
    assert "1.0" == environment.distributions[0].version


def test_an_empty_lock_gives_a_bare_interpreter(
    tmp_path: Path, cache: Path, wheelhouse: Path
) -> None:
    """A tool may need no package at all."""
    lock = tmp_path / "empty.txt"
    lock.write_text("# nothing\n", encoding="utf-8")

    assert () == build(toolchain(lock), cache).distributions


def test_every_module_is_compiled_before_it_is_used(
    lock: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the compiler is measured. Flags of 0 mean: valid by the source's time."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "315532800")
    monkeypatch.setenv("PYC_INVALIDATION_MODE", "CHECKED_HASH")
    environment = build(toolchain(lock), cache)

    [compiled] = Path(environment.root).rglob("tiny.*.pyc")

    assert bytes(4) == compiled.read_bytes()[4:8]


def test_a_second_build_finds_the_first_and_runs_no_uv(
    lock: Path, cache: Path, request: pytest.FixtureRequest
) -> None:
    """A valid stamp is all that it takes."""
    first = build(toolchain(lock), cache)
    request.getfixturevalue("no_uv")
    second = build(toolchain(lock), cache)

    assert (False, True) == (first.reused, second.reused)
    assert (first.root, first.distributions) == (second.root, second.distributions)


def test_an_environment_is_reused_without_index_and_without_uvs_cache(
    lock: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was prepared once runs on a machine that is cut off from everything."""
    build(toolchain(lock), cache)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    shutil.rmtree(tmp_path / "uv-cache")
    shutil.rmtree(tmp_path / "wheels")

    assert build(toolchain(lock), cache).reused


def test_building_is_said_once(lock: Path, cache: Path) -> None:
    """Reuse is silent."""
    said: list[str] = []
    build(toolchain(lock), cache, said.append)
    build(toolchain(lock), cache, said.append)

    assert ["building toolchain test (1 package)"] == said


def test_a_changed_lock_is_another_environment(lock: Path, cache: Path) -> None:
    """The old environment stays as it is, for who has the old lock."""
    old = build(toolchain(lock), cache)
    lock.write_text(lock.read_text() + "# a comment\n", encoding="utf-8")
    new = build(toolchain(lock), cache)

    assert not new.reused
    assert old.key != new.key
    assert old.lock_sha256 != new.lock_sha256
    assert Path(old.root).is_dir()


def test_another_recipe_is_another_environment(
    lock: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who changes how environments are built gets none that was built differently."""
    old = build(toolchain(lock), cache)
    monkeypatch.setattr(building, "RECIPE", building.RECIPE + 1)

    assert old.key != build(toolchain(lock), cache).key


def test_an_environment_without_its_stamp_is_built_again(
    lock: Path, cache: Path
) -> None:
    """What was there before is gone, for nobody knows how far it came."""
    old = build(toolchain(lock), cache)
    (directory_of(old) / "environment.json").unlink()
    new = build(toolchain(lock), cache)

    assert not new.reused
    assert [Path(new.root).name, "environment.json"] == sorted(
        (path.name for path in directory_of(new).iterdir()), reverse=True
    )


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "other"}'])
def test_a_damaged_stamp_vouches_for_nothing(
    lock: Path, cache: Path, content: str
) -> None:
    """It is as if there were none."""
    old = build(toolchain(lock), cache)
    (directory_of(old) / "environment.json").write_text(content, encoding="utf-8")

    assert not build(toolchain(lock), cache).reused


def test_an_environment_that_lost_a_package_is_built_again(
    lock: Path, cache: Path
) -> None:
    """A stamp is believed only when the packages are those that it lists."""
    old = build(toolchain(lock), cache)
    [metadata] = Path(old.root).rglob("METADATA")
    metadata.unlink()
    new = build(toolchain(lock), cache)

    assert (False, ["tiny"]) == (new.reused, names(new))


def test_an_environment_that_lost_its_interpreter_is_built_again(
    lock: Path, cache: Path
) -> None:
    """An interpreter that was removed leaves a link to nothing."""
    old = build(toolchain(lock), cache)
    Path(old.python).unlink()
    Path(old.python).symlink_to("nowhere")
    new = build(toolchain(lock), cache)

    assert (False, True) == (new.reused, Path(new.python).exists())


def test_a_cache_that_was_copied_is_built_again(
    lock: Path, cache: Path, tmp_path: Path
) -> None:
    """Scripts name the interpreter in the old place, which may go at any time."""
    build(toolchain(lock), cache)
    copy = shutil.copytree(cache, tmp_path / "copy", symlinks=True)
    new = build(toolchain(lock), copy)

    assert not new.reused
    assert Path(new.root).is_relative_to(copy)


def test_a_stamp_for_another_key_vouches_for_nothing(lock: Path, cache: Path) -> None:
    """Even in the right place."""
    old = build(toolchain(lock), cache)
    stamp.write(directory_of(old), msgspec.structs.replace(old, key="another"))

    assert not build(toolchain(lock), cache).reused


def test_the_cache_is_where_the_environment_variable_says(
    lock: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to pass it on."""
    monkeypatch.setenv("MIGRATION_COMPARE_CACHE", str(cache))

    assert Path(build(toolchain(lock)).root).is_relative_to(cache)


def test_the_digest_of_a_package_does_not_depend_on_the_place(
    lock: Path, cache: Path, tmp_path: Path
) -> None:
    """Its script names the environment, yet two runs can be told to have used one."""
    here = build(toolchain(lock), cache)
    there = build(toolchain(lock), tmp_path / "another" / "cache")

    assert here.root != there.root
    assert here.distributions == there.distributions


def test_settings_of_the_user_do_not_change_what_is_installed(
    lock: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They say where packages come from, and the lock says what is installed."""
    override = tmp_path / "override.txt"
    override.write_text("tiny==2.0\n", encoding="utf-8")
    monkeypatch.setenv("UV_OVERRIDE", str(override))
    monkeypatch.setenv("UV_CONSTRAINT", str(override))
    monkeypatch.setenv("UV_VENV_SEED", "1")
    monkeypatch.setenv("UV_LINK_MODE", "symlink")
    monkeypatch.setenv("UV_NO_VERIFY_HASHES", "1")
    environment = build(toolchain(lock), cache)

    assert ["tiny"] == names(environment)
    [module] = Path(environment.root).rglob("tiny.py")
    assert (False, 1) == (module.is_symlink(), module.stat().st_nlink)


def test_a_file_that_differs_from_its_hash_is_refused(lock: Path, cache: Path) -> None:
    """The package is named, and so is what can be done."""
    lock.write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")

    with pytest.raises(ToolchainError, match=r"test.*Hash mismatch.*tiny") as caught:
        build(toolchain(lock), cache)

    assert "resolve the lock again" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "problem", "remedy"),
    [
        ("tiny==1.0\n", "must have a hash", "the lock is not complete"),
        ("absent==1.0 --hash=sha256:" + "0" * 64, "absent was not found", "UV_INDEX"),
        ("<<<\n", "Unexpected", "delete the cache directory"),
    ],
)
def test_what_uv_refuses_is_told_with_a_remedy(
    lock: Path, cache: Path, content: str, problem: str, remedy: str
) -> None:
    """In uv's own words."""
    lock.write_text(content, encoding="utf-8")

    with pytest.raises(ToolchainError, match=problem) as caught:
        build(toolchain(lock), cache)

    assert remedy in caught.value.remedy


def test_a_lock_that_lacks_a_dependency_is_not_complete(
    lock: Path, cache: Path, wheelhouse: Path
) -> None:
    """Nothing is installed that the lock does not pin."""
    make_wheel(wheelhouse, "needed")
    lock.write_text(lock_line(make_wheel(wheelhouse, "needy", needs="needed")))

    with pytest.raises(ToolchainError, match="needed") as caught:
        build(toolchain(lock), cache)

    assert "the lock is not complete" in caught.value.remedy


def test_an_index_that_cannot_be_reached_is_told_without_its_secrets(
    lock: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the login nor a token in the path gets into a report."""
    monkeypatch.delenv("PIP_NO_INDEX")
    url = "http://anna:secret@127.0.0.1:9/token/simple"
    monkeypatch.setenv("PIP_INDEX_URL", url)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.delenv("PIP_FIND_LINKS")

    with pytest.raises(ToolchainError, match=r"127\.0\.0\.1:9") as caught:
        build(toolchain(lock), cache)

    told = str(caught.value) + caught.value.remedy
    assert [] == [word for word in ("anna", "secret", "token") if word in told]
    assert "check the network" in caught.value.remedy


def test_a_failed_build_leaves_nothing_that_looks_built(
    lock: Path, cache: Path
) -> None:
    """The next attempt starts from nothing."""
    good = lock.read_text()
    lock.write_text("absent==1.0 --hash=sha256:" + "0" * 64, encoding="utf-8")
    with pytest.raises(ToolchainError):
        build(toolchain(lock), cache)

    assert [] == list(cache.rglob("venv-*"))
    lock.write_text(good, encoding="utf-8")
    assert ["tiny"] == names(build(toolchain(lock), cache))


def test_a_lock_that_is_not_there_is_named(tmp_path: Path, cache: Path) -> None:
    """With the command that makes it."""
    with pytest.raises(ToolchainError, match=r"absent\.txt") as caught:
        build(toolchain(tmp_path / "absent.txt"), cache)

    assert "harness.toolchains.lock" in caught.value.remedy


def test_a_cache_that_cannot_be_written_is_named(lock: Path, tmp_path: Path) -> None:
    """With the variable that names another."""
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(ToolchainError, match=str(file)) as caught:
        build(toolchain(lock), file)

    assert "MIGRATION_COMPARE_CACHE" in caught.value.remedy


def test_a_program_that_is_no_interpreter_is_named(lock: Path, cache: Path) -> None:
    """It fails before anything is built."""
    with pytest.raises(ToolchainError, match="/bin/false"):
        build(toolchain(lock), cache, interpreter=Path("/bin/false"))


def test_an_interpreter_older_than_the_lock_is_refused(lock: Path, cache: Path) -> None:
    """The lock was not resolved for it."""
    demanding = toolchain(lock)
    demanding = type(demanding)(demanding.name, demanding.lock, "", python="99.1")

    with pytest.raises(ToolchainError, match="too old") as caught:
        build(demanding, cache)

    assert "use Python 99.1 or newer" == caught.value.remedy


def test_a_configuration_file_of_pips_that_is_broken_is_named(
    lock: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But not quoted, for it may hold a password."""
    broken = tmp_path / "pip.conf"
    broken.write_text("secret\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(broken))

    with pytest.raises(ToolchainError, match=r"pip\.conf") as caught:
        build(toolchain(lock), cache)

    assert "secret" not in str(caught.value)


def test_the_environment_is_built_on_the_interpreter_outside_any_venv(
    lock: Path, cache: Path
) -> None:
    """An environment must outlive the virtual environment that the harness is in."""
    environment = build(toolchain(lock), cache)
    base = subprocess.check_output(
        [environment.python, "-c", "import sys; print(sys.base_prefix)"], text=True
    )

    assert sys.base_prefix == base.strip()


def test_an_interpreter_is_the_same_inside_a_virtual_environment_and_outside(
    lock: Path, cache: Path
) -> None:
    """So environments are not built again for each place the harness runs from."""
    inside = Path(build(toolchain(lock), cache).python)

    assert probe() == probe(inside)
    assert build(toolchain(lock), cache, interpreter=inside).reused


def test_an_environment_that_could_not_be_replaced_is_no_longer_vouched_for(
    lock: Path, cache: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found to be damaged stays unusable until a build has succeeded."""
    old = build(toolchain(lock), cache)
    Path(old.python).unlink()
    monkeypatch.setenv("UV_NO_CACHE", "1")
    next(wheelhouse.iterdir()).unlink()
    with pytest.raises(ToolchainError):
        build(toolchain(lock), cache)

    assert [] == list(directory_of(old).iterdir())


def test_an_index_that_has_only_other_versions_hides_none(
    lock: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since pip takes the best of all indexes; uv by itself would stop at the first."""
    other = tmp_path / "other"
    other.mkdir()
    make_wheel(other, version="2.0")
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with slow_index(other) as extra, slow_index(tmp_path / "wheels") as main:
        extra.release()
        main.release()
        monkeypatch.setenv("PIP_INDEX_URL", main.url)
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", extra.url)

        assert ["tiny"] == names(build(toolchain(lock), cache))
