"""Bodies by name: each kind with and without an address, mistakes with the nearest name, and nothing heavy before it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from motion.embodiment.bodies import aldebaran_link, furhat, registry
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.registry import KINDS, check_body, names, open_body, simulated_robot
from motion.embodiment.bodies.simulated import SimulatedBody
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_driver_that_describes_itself(name: str) -> None:
    body = open_body(name, MonotonicClock())
    assert isinstance(body, DrivenBody) and body.describe().name == name and simulated_robot(name) is None
    check_body(name)


def test_addresses_reach_their_drivers() -> None:
    clock = MonotonicClock()

    def link(name: str) -> dict[str, object]:
        body = open_body(name, clock)
        assert isinstance(body, DrivenBody)
        return vars(body.link)

    assert link("reachy-mini")["_at"] == "127.0.0.1:8000"
    assert link("reachy-mini:ws://robot.local:8001")["_at"] == "robot.local:8001"
    assert link("nao:192.0.2.5")["_url"] == link("nao:tcp://192.0.2.5:9559")["_url"] == "tcp://192.0.2.5:9559"
    assert link("pepper")["_url"] == f"tcp://127.0.0.1:{aldebaran_link.PORT}"
    assert link("furhat:furhat.local")["_url"] == f"ws://furhat.local:{furhat.PORT}/v1/events"
    assert link("unitree-g1:enp3s0")["_interface"] == "enp3s0"
    assert (link("vmc")["_host"], link("vmc")["_port"]) == ("127.0.0.1", 39539), "nothing leaves the machine unasked"
    assert (link("osc:192.0.2.7:9001")["_host"], link("osc:192.0.2.7:9001")["_port"]) == ("192.0.2.7", 9001)
    assert link("bvh:7002")["_port"] == 7002


def test_ports_are_those_of_the_drivers() -> None:
    from motion.embodiment.bodies import bvh_stream, osc, reachy_mini, vmc

    modules = {
        "reachy-mini": reachy_mini,
        "furhat": furhat,
        "vmc": vmc,
        "osc": osc,
        "bvh": bvh_stream,
        "nao": aldebaran_link,
    }
    assert all(KINDS[name].port == module.PORT for name, module in modules.items())


def test_furhats_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(registry.FURHAT_KEY, "s3cret")
    body = open_body("furhat", MonotonicClock())
    assert isinstance(body, DrivenBody) and vars(body.link)["_key"] == "s3cret"


def test_simulated_bodies_go_by_the_catalogue() -> None:
    for name in ("mujoco:attune", "attune"):
        assert isinstance(open_body(name, MonotonicClock()), SimulatedBody)
    with pytest.raises(AttuneError, match=r"no body 'mujoco:atune'|no body 'atune'"):
        open_body("mujoco:atune", MonotonicClock())


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("reachy-min", "Did you mean reachy-mini"),
        ("peper:host", "Did you mean pepper"),
        ("atune", "Did you mean attune"),
        ("", "Known: mujoco:attune"),
        ("reachy-mini:host:99999", "is no address"),
        ("nao:not a host", "is no address"),
        ("vmc:-x", "is no address"),
        ("bvh:host:1", "is no port"),
        ("unitree-g1:eth0;reboot", "is no network interface"),
    ],
)
def test_a_mistake_is_one_error_with_the_mend(name: str, says: str) -> None:
    for ask in (check_body, lambda given: open_body(given, MonotonicClock())):
        with pytest.raises(AttuneError) as error:
            ask(name)
        assert says in str(error.value)


def test_the_table_loads_no_library_of_a_robot() -> None:
    heavy = ("mujoco", "qi", "aiohttp", "ruckig", "unitree_sdk2py", "pythonosc")
    code = f"import sys, motion.embodiment.bodies.registry as r; print([n for n in {heavy!r} if n in sys.modules], len(r.KINDS))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", str(len(KINDS))]


def test_names_are_all_of_them() -> None:
    assert names()[0] == "mujoco:attune" and set(KINDS) <= set(names())


def test_robots_can_touch_people_figures_and_simulations_cannot() -> None:
    can = {name for name in names() if registry.can_touch(name)}
    assert can == {"ros", "reachy-mini", "nao", "pepper", "furhat", "unitree-g1"}
    assert registry.can_touch("ros:attune") and registry.can_touch("nao:192.0.2.5")
    assert not any(registry.can_touch(name) for name in ("attune", "mujoco:unitree_g1", "launch/bodies/gr1.yaml", ""))
