"""`manage.py watch` as a person starts it: a real process against a real server, which comes and goes."""

from __future__ import annotations

import signal
import subprocess
import sys
import uuid
from collections.abc import Callable

import httpx
import pytest

from proposals.demo_data import SAMPLES
from tests.instances import free_port
from tests.servers import PASSWORD, ROOT, Person, Process, Site
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MakeSite = Callable[..., Site]
RC = SAMPLES / "accord-cadre-services-numeriques.pdf"


def watch(site: Site, *arguments: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command to its end; `answers` are typed into it."""
    return subprocess.run(
        [sys.executable, "manage.py", "watch", *arguments],
        cwd=ROOT,
        env=site.env,
        input=answers,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # no terminal to ask on
    )


def start_watch(site: Site, person: Person, project_id: str, *arguments: str) -> Process:
    """Start the command and wait until it follows."""
    arguments = (project_id, "--url", person.url, "--token", person.token, *arguments)
    process = site.start("manage.py", "watch", *arguments, name="watch")
    process.wait_for_output("En direct", seconds=60)
    return process


def end_of(process: Process) -> int:
    """Wait for the end of a process and return its exit code."""
    wait_until(lambda: not process.is_running, seconds=90, what=f"the end of the command:\n{process.output}")
    return process.stop()


def test_an_operation_is_followed_to_its_end_through_a_restart_of_the_server(make_site: MakeSite) -> None:
    site = make_site()
    port = str(free_port())
    server, url = site.serve("--port", port)
    person = Person(url, "alice")
    project_id = person.create_project(RC)
    watching = start_watch(site, person, project_id, "--until-finished")

    person.start(project_id)
    watching.wait_for_output("en cours|Lecture", seconds=60)
    server.stop()
    watching.wait_for_output("Connexion perdue", seconds=30)
    site.serve("--port", port)

    assert end_of(watching) == 0
    assert "Analyse du RC : 100 % — terminée" in watching.output
    assert watching.output.count("En direct") == 2


def test_a_server_killed_in_mid_run_is_waited_for(make_site: MakeSite) -> None:
    site = make_site(PROPOSALS_LEASE_SECONDS="2", PROPOSALS_REAPER_SECONDS="0.5")
    port = str(free_port())
    server, url = site.serve("--port", port)
    person = Person(url, "alice")
    project_id = person.create_project(RC)
    watching = start_watch(site, person, project_id, "--until-finished")

    person.start(project_id)
    watching.wait_for_output("en cours|Lecture", seconds=60)
    server.kill()
    watching.wait_for_output("Connexion perdue", seconds=30)
    site.serve("--port", port)

    assert end_of(watching) == 0
    assert "Analyse du RC : 100 % — terminée" in watching.output


def test_a_session_longer_than_its_token_goes_on_without_a_break(make_site: MakeSite) -> None:
    site = make_site(ACCESS_TOKEN_SECONDS="6", REALTIME_TOKEN_NOTICE_SECONDS="4")
    _, url = site.serve("--no-worker")
    person = Person(url, "alice")
    project_id = person.create_project(RC)
    person.start(project_id)
    command = [
        sys.executable,
        "manage.py",
        "watch",
        project_id,
        "--url",
        url,
        "--username",
        "alice",
        "--until-finished",
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=site.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{PASSWORD}\n")
        process.stdin.flush()
        lines = [process.stdout.readline()]
        while "En direct" not in lines[-1]:
            lines.append(process.stdout.readline())
        first_token = Person(url, "alice")
        wait_until(lambda: has_expired(first_token), seconds=20, what="the tokens of the start to expire")

        site.work()
        lines += process.stdout.readlines()

    assert process.returncode == 0
    assert "terminée" in lines[-1]
    assert not any("Connexion perdue" in line for line in lines)


def has_expired(person: Person) -> bool:
    return person.http.get("/me/").status_code == httpx.codes.UNAUTHORIZED


def test_a_cancelled_operation_ends_the_command_with_failure(make_site: MakeSite) -> None:
    site = make_site()
    _, url = site.serve("--no-worker")
    person = Person(url, "alice")
    project_id = person.create_project(RC)
    operation_id = person.start(project_id)
    watching = start_watch(site, person, project_id, "--until-finished")

    person.http.post(f"/operations/{operation_id}/cancel/").raise_for_status()

    assert end_of(watching) == 1
    assert watching.output.endswith("CommandError: Analyse du RC : L'opération a été annulée.\n")


def test_what_cannot_be_watched_is_told_in_one_sentence(make_site: MakeSite) -> None:
    site = make_site()
    server, url = site.serve("--no-worker")
    project_id = Person(url, "alice").create_project()
    alice, charlie = Person(url, "alice").token, Person(url, "charlie").token
    unknown = str(uuid.uuid4())
    cases = [
        (("not-a-uuid",), "n'est pas l'identifiant d'un projet"),
        ((project_id, "--url", "example.org", "--token", alice), "n'est pas l'adresse d'un serveur"),
        ((project_id, "--url", url, "--token", charlie), "n'existe pas ou ne vous est pas accessible"),
        ((unknown, "--url", url, "--token", alice), "n'existe pas ou ne vous est pas accessible"),
        ((project_id, "--url", url, "--token", "nonsense"), "n'est pas valable"),
        ((project_id, "--url", f"{url}/elsewhere", "--token", alice), "n'est pas un serveur Tenderwire"),
        ((project_id, "--url", url, "--username", "alice"), "mot de passe refusé"),
    ]

    for arguments, sentence in cases:
        done = watch(site, *arguments, answers="wrong\n")

        assert done.returncode == 1, arguments
        assert sentence in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr

    server.stop()
    done = watch(site, project_id, "--url", url, "--token", alice)
    assert done.returncode == 1
    assert f"Le serveur {url} ne répond pas" in done.stderr


def test_ctrl_c_is_a_good_end(make_site: MakeSite) -> None:
    site = make_site()
    _, url = site.serve("--no-worker")
    person = Person(url, "alice")
    watching = start_watch(site, person, person.create_project())

    watching.signal(signal.SIGINT)

    assert end_of(watching) == 0
    assert "Traceback" not in watching.output
