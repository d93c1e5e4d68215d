"""Installs the launch files, parameters and views; there is no code to build."""

from glob import glob

from setuptools import setup

PACKAGE = "attune_bringup"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
        (f"share/{PACKAGE}/launch", sorted(glob("launch/*.launch.py"))),
        (f"share/{PACKAGE}/rviz", sorted(glob("rviz/*.rviz"))),
        (f"share/{PACKAGE}/config", sorted(glob("config/*.yaml"))),
    ],
    install_requires=["setuptools"],
    zip_safe=False,
    maintainer="Attune developers",
    maintainer_email="attune@example.org",
    description="Starts Attune, its bridge and a body",
    license="Apache-2.0",
)
