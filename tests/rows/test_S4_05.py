"""S4-05, what it says of the law: people see what is kept of them and have it deleted; what was counted stays."""

from tests.rows.service import Service
from tests.support.rights import fulfil


async def test_what_people_ask_about_themselves_is_registered_and_what_was_counted_stays(service: Service) -> None:
    await service.closes("1", "mei", person={"name": "王女士"})
    before = (await service.api.get("/api/v1/responses")).json()["items"]
    await service.api.delete("/api/v1/customers/mei")
    (open_,) = (await service.api.get("/api/v1/requests?open=true")).json()["items"]
    assert open_["due_at"] > open_["asked_at"]
    await fulfil(service.house)
    (done,) = (await service.api.get("/api/v1/requests")).json()["items"]
    assert done["done_at"] is not None
    after = (await service.api.get("/api/v1/responses")).json()["items"]
    assert [(one["id"], one["score"]) for one in after] == [(one["id"], one["score"]) for one in before]
