"""Builds attune_bridge: three lifecycle nodes between the agent's bus and ROS 2."""

from setuptools import find_packages, setup

PACKAGE = "attune_bridge"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=find_packages(include=[PACKAGE, f"{PACKAGE}.*"]),
    package_data={PACKAGE: ["definitions/*", "definitions/*/*", "definitions/*/*/*"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    install_requires=["setuptools"],
    zip_safe=False,
    maintainer="Attune developers",
    maintainer_email="attune@example.org",
    description="Joins Attune's agent to ROS 2",
    license="Apache-2.0",
    entry_points={
        "console_scripts": [
            "agent_node = attune_bridge.programs:agent_node",
            "body_node = attune_bridge.programs:body_node",
            "perception_node = attune_bridge.programs:perception_node",
        ]
    },
)
