"""The command line of nodes that run without ROS."""

import pytest
from attune_bridge.parameters import Parameters


def test_names_parameters_and_remappings_are_read_in_ross_form(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(
        "/**:\n  ros__parameters:\n    endpoint: tcp://h:1\n    image_hz: 5\nattune_body:\n  ros__parameters: {body: ros}\n"
    )
    arguments = [
        "--ros-args",
        "--params-file",
        str(file),
        "-p",
        "endpoint:=tcp://h:2",
        "-r",
        "__ns:=/robot",
        "-r",
        "range:=/sonar",
    ]
    got = Parameters("attune_body", arguments)
    assert (got.node, got.namespace) == ("attune_body", "/robot")
    assert got.get("endpoint", "") == "tcp://h:2"
    assert got.get("image_hz", 15.0) == 5.0
    assert got.get("body", "agent") == "ros"
    assert got.get("audio", "none") == "none"
    assert got.remapped("range") == "/sonar"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--endpoint", "x"], "--endpoint x: not understood"),
        (["-p", "endpoint"], "-p endpoint: not understood"),
        (["--params-file", "/nowhere.yaml"], "no parameter file of ROS"),
    ],
)
def test_what_is_not_understood_is_named(arguments, words):
    with pytest.raises(SystemExit, match=words):
        Parameters("n", arguments)


def test_a_value_of_the_wrong_type_is_named():
    with pytest.raises(SystemExit, match="parameter range: 'yes please' is no bool"):
        Parameters("n", ["-p", "range:=yes please"]).get("range", True)
