"""The APIs of trackers whose tickets are issues of a project, as their vendors document them."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import ClassVar

from dialogs.messages import DeskStep
from tests.support.helpdesks.vendors.fake_desk import Answer, ApiCallMade, ApiTicket, FakeDesk, Put

__all__ = ["FakeGithub", "FakeGitlab", "FakeJira"]

Routes = Mapping[str, Callable[[ApiCallMade], Answer]]


class FakeGitlab(FakeDesk):
    """GitLab: notes, which may be internal, and labels that are added."""

    name = "gitlab"
    token = "glpat-of-the-fake-12"
    auth: ClassVar = {"private-token": token}

    def routes(self) -> Routes:
        issue = "/api/v4/projects/{project}/issues/{iid}"
        return {
            "GET /api/v4/user": lambda _: Answer(body={"id": 1}),
            "GET /api/v4/projects/{project}": self._project,
            f"GET {issue}/notes": lambda made: Answer(body=[{"body": text} for text in self._of(made).texts]),
            f"POST {issue}/notes": self._note,
            f"PUT {issue}": self._update,
        }

    def _of(self, made: ApiCallMade) -> ApiTicket:
        project, iid = made.parts
        return self.by_number(f"{project}#{iid}")

    def _project(self, made: ApiCallMade) -> Answer:
        mine = [one for one in self.tickets.values() if one.number.startswith(f"{made.parts[0]}#")]
        if not mine:
            raise LookupError(made.parts[0])
        return Answer(body={"id": 4, "visibility": "public" if mine[-1].is_public else "private"})

    def _note(self, made: ApiCallMade) -> Answer:
        step = DeskStep.NOTE if made.body.get("internal") else DeskStep.REPLY
        self._of(made).puts.append(Put(step, made.body["body"]))
        return Answer(201, {"id": 61})

    def _update(self, made: ApiCallMade) -> Answer:
        ticket = self._of(made)
        if "add_labels" in made.body:
            ticket.tags.append(made.body["add_labels"])
        ticket.state = "open" if made.body.get("state_event") == "reopen" else ticket.state
        return Answer(body={"iid": 1})


class FakeGithub(FakeDesk):
    """GitHub: comments that everybody reads who may read the repository."""

    name = "github"
    token = "github_pat_of_the_fake"
    auth: ClassVar = {
        "authorization": f"Bearer {token}",
        "accept": "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
    }

    def routes(self) -> Routes:
        issue = "/repos/{owner}/{repo}/issues/{number}"
        return {
            "GET /rate_limit": lambda _: Answer(body={"rate": {"remaining": 5000}}),
            "GET /repos/{owner}/{repo}": self._repository,
            f"GET {issue}/comments": lambda made: Answer(body=[{"body": text} for text in self._of(made).texts]),
            f"POST {issue}/comments": self._comment,
            f"POST {issue}/labels": self._label,
            f"PATCH {issue}": self._update,
        }

    def _of(self, made: ApiCallMade) -> ApiTicket:
        owner, repo, number = made.parts
        return self.by_number(f"{owner}/{repo}#{number}")

    def _repository(self, made: ApiCallMade) -> Answer:
        mine = [one for one in self.tickets.values() if one.number.startswith(f"{'/'.join(made.parts)}#")]
        if not mine:
            raise LookupError(made.path)
        return Answer(body={"id": 4, "private": not mine[-1].is_public})

    def _comment(self, made: ApiCallMade) -> Answer:
        self._of(made).puts.append(Put(DeskStep.REPLY, made.body["body"]))
        return Answer(201, {"id": 71})

    def _label(self, made: ApiCallMade) -> Answer:
        self._of(made).tags += made.body["labels"]
        return Answer(body=[])

    def _update(self, made: ApiCallMade) -> Answer:
        self._of(made).state = made.body["state"]
        return Answer(body={"number": 1})


class FakeJira(FakeDesk):
    """Jira Service Management: comments that the customer sees or not, and transitions."""

    name = "jira"
    token = "li@help.example:jiras-token-5"
    auth: ClassVar = {"authorization": f"Basic {b64encode(token.encode()).decode()}"}

    def routes(self) -> Routes:
        return {
            "GET /rest/api/2/myself": lambda _: Answer(body={"accountId": "1"}),
            "GET /rest/servicedeskapi/request/{key}": self._seen,
            "POST /rest/servicedeskapi/request/{key}/comment": self._comment,
            "GET /rest/api/2/issue/{key}": self._seen,
            "GET /rest/api/2/issue/{key}/comment": lambda made: Answer(
                body={"comments": [{"body": text} for text in self.by_number(made.parts[0]).texts]}
            ),
            "PUT /rest/api/2/issue/{key}": self._label,
            "GET /rest/api/2/issue/{key}/transitions": self._ways,
            "POST /rest/api/2/issue/{key}/transitions": self._go,
        }

    def _seen(self, made: ApiCallMade) -> Answer:
        return Answer(body={"issueKey": self.by_number(made.parts[0]).number})

    def _comment(self, made: ApiCallMade) -> Answer:
        step = DeskStep.REPLY if made.body["public"] else DeskStep.NOTE
        self.by_number(made.parts[0]).puts.append(Put(step, made.body["body"]))
        return Answer(201, {"id": "81"})

    def _label(self, made: ApiCallMade) -> Answer:
        self.by_number(made.parts[0]).tags += [one["add"] for one in made.body["update"]["labels"]]
        return Answer(204)

    def _ways(self, made: ApiCallMade) -> Answer:
        self.by_number(made.parts[0])
        ways = (("31", "done"), ("41", "indeterminate"), ("51", "new"))
        told = [{"id": id_, "to": {"statusCategory": {"key": key}}} for id_, key in ways]
        return Answer(body={"transitions": told})

    def _go(self, made: ApiCallMade) -> Answer:
        assert made.body == {"transition": {"id": "41"}}
        self.by_number(made.parts[0]).state = "open"
        return Answer(204)
