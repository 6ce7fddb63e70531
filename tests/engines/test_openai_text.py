"""The engine that asks a server: what it asks, how it learns what a server takes, and what it says of its errors."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chains.season import SubjectDraft
from core.domain.campaign import Copy
from core.engines import breaker, openai_client, openai_text
from core.engines.base import TextOptions
from core.engines.openai_text import OpenAIText
from core.engines.transformers_text import TransformersText
from core.errors import Canceled, EngineError, PromptTooLong
from core.prompts import Message, Prompt
from tests.engines.contract import OPTIONS, TextEngineContract, every_prompt, summary_prompt
from tests.engines.servers import (
    GOOD,
    KEY,
    STREAM,
    Asked,
    Behaviour,
    Server,
    ask,
    drip,
    engine_for,
    event,
    forever,
    hang,
    refuse,
    reply,
    reset,
    say,
    send,
)


@pytest.fixture
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_text, "BACK_OFF_S", 0.01)


@pytest.fixture(scope="module")
def engine(models: Path) -> Iterator[OpenAIText]:
    """Of a tiny Llama behind a server that holds it to the schema, as vLLM does."""
    model = TransformersText(models / "llama", precision="float32")
    schemas = {schema.__name__: schema for _, schema in every_prompt()}

    def write(asked: Asked) -> None:
        request = asked.request
        options = TextOptions(max_new_tokens=request["max_tokens"], seed=request["seed"])
        prompt = Prompt(name="asked", values={}, messages=request["messages"], fingerprint="")
        schema = schemas[request["response_format"]["json_schema"]["name"]]
        result = model.generate(prompt, schema, options)
        say(result.value.model_dump_json(), tokens=(result.prompt_tokens, result.new_tokens))(asked)

    with Server(write) as server:
        yield engine_for(server.url, deadline_s=120)


class TestContract(TextEngineContract):
    pass


# What is asked


def test_every_option_reaches_the_server():
    printed = {"max_tokens": 300, "temperature": 0.6, "top_p": 0.9, "repetition_penalty": 1.15, "seed": 7}
    with Server(say(GOOD)) as server:
        engine_for(server.url).generate(summary_prompt(), SubjectDraft, TextOptions(seed=7))
    request = server.requests[0]
    assert {name: request[name] for name in printed} == printed
    assert request["model"] == "m"
    assert request["messages"] == [message.model_dump() for message in summary_prompt().messages]
    form = request["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["schema"]["properties"]["subject"]["maxLength"]
    assert f"authorization: bearer {KEY}" in server.headers[0].lower()


def test_tokens_are_counted_and_words_seen_as_they_come():
    pause = drip(STREAM, [event('{"subject": "Um'), event(" farol")], 0.25)
    with Server(lambda asked: (pause(asked), time.sleep(0.25), send(event(' à noite"}', "stop"))(asked))) as server:
        seen: list[str] = []
        result = engine_for(server.url).generate(summary_prompt(), SubjectDraft, OPTIONS, seen.append)
    assert result.value.subject == seen[-1] == "Um farol à noite"
    assert list(dict.fromkeys(seen)) == ["", "Um", "Um farol", "Um farol à noite"]
    with Server(say(GOOD)) as server:
        result = engine_for(server.url).generate(summary_prompt(), SubjectDraft, OPTIONS)
    assert (result.prompt_tokens, result.new_tokens) == (12, 34)


@pytest.mark.parametrize("behaviour", [hang, drip(STREAM, forever(event(" a")), 0.02), refuse(503, "busy")])
def test_a_stop_is_heard_while_the_server_is_silent_writing_or_busy(behaviour: Behaviour):
    def stop(text: str) -> None:
        raise Canceled("Stop.")

    started = time.monotonic()
    with Server(behaviour) as server, pytest.raises(Canceled):
        engine_for(server.url, 30).generate(summary_prompt(), SubjectDraft, OPTIONS, stop)
    assert time.monotonic() - started < 3


def test_several_prompts_are_asked_at_once_and_answered_in_order():
    together = threading.Barrier(3, timeout=20)

    def echo(asked: Asked) -> None:
        together.wait()  # no answer before all are asked
        said = asked.request["messages"][-1]["content"].split()[-1]
        say(json.dumps({"subject": said}))(asked)

    words = [(Message(role="user", content=f"Diga {number}"),) for number in range(3)]
    prompts = [summary_prompt().model_copy(update={"messages": each}) for each in words]
    with Server(echo) as server:
        results = engine_for(server.url, 30).generate_many(prompts, SubjectDraft, OPTIONS)
    assert [result.value.subject for result in results] == ["0", "1", "2"]


@pytest.mark.parametrize(("behaviour", "words"), [(refuse(401, "?"), "key"), (hang, "did not answer within 0.5")])
def test_one_prompt_without_an_answer_ends_the_batch(behaviour: Behaviour, words: str):
    started = time.monotonic()
    with Server(say(GOOD), behaviour) as server, pytest.raises(EngineError, match=words):
        engine_for(server.url, 0.5).generate_many([summary_prompt()] * 3, SubjectDraft, OPTIONS)
    assert time.monotonic() - started < 3


# Servers that understand less


@pytest.mark.parametrize(
    ("complaint", "left_out"),
    [
        (
            refuse(400, "Unrecognized request argument supplied: repetition_penalty, repeat_penalty"),
            "repetition_penalty",
        ),
        (refuse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.", param="x"), "max_tokens"),
        (reply(422, {"detail": "Unexpected fields in the request: {'stream_options'}"}), "stream_options"),
        (refuse(400, "Unsupported value: 'temperature' does not support 0.6 with this model."), "temperature"),
    ],
)
def test_what_a_server_refuses_is_left_out_and_remembered(complaint: Behaviour, left_out: str):
    with Server(complaint, say(GOOD)) as server:
        engine = engine_for(server.url)
        for _ in range(2):
            engine.generate(summary_prompt(), SubjectDraft, OPTIONS)
    assert [left_out in request for request in server.requests] == [True, False, False]
    assert all("json_schema" in request["response_format"] for request in server.requests)
    assert server.requests[1].get("max_completion_tokens", 200) == OPTIONS.max_new_tokens


def test_a_server_without_schemas_is_asked_for_json_and_then_in_words():
    no = refuse(400, "response_format is not supported")
    with Server(no, no, say(f"Claro! ```json\n{GOOD}\n```")) as server:
        assert ask(server.url).subject == "Um farol à noite"
    assert [request.get("response_format", {}).get("type") for request in server.requests] == [
        "json_schema",
        "json_object",
        None,
    ]
    for request in server.requests[1:]:
        assert '"subject"' in request["messages"][0]["content"]


def test_a_length_that_a_schema_may_not_name_is_left_out_of_it():
    with Server(refuse(400, "In context=(), 'maxLength' is not permitted."), say(GOOD)) as server:
        ask(server.url)
    assert "maxLength" not in json.dumps(server.requests[1])
    assert server.requests[1]["response_format"]["type"] == "json_schema"


def test_a_server_that_does_not_stream_is_understood():
    choice = {"message": {"role": "assistant", "content": GOOD}, "finish_reason": "stop"}
    with Server(reply(200, {"choices": [choice], "usage": {"prompt_tokens": 3, "completion_tokens": 4}})) as server:
        result = engine_for(server.url).generate(summary_prompt(), SubjectDraft, OPTIONS)
    assert (result.value.subject, result.prompt_tokens, result.new_tokens) == ("Um farol à noite", 3, 4)


def test_an_unusable_answer_is_asked_for_again_with_what_is_wrong():
    with Server(say('{"subject": 7}'), say(GOOD)) as server:
        assert ask(server.url).subject == "Um farol à noite"
    *_, said, again = server.requests[1]["messages"]
    assert said == {"role": "assistant", "content": '{"subject": 7}'}
    assert "subject" in again["content"]
    assert "string" in again["content"]


def test_an_answer_that_was_cut_is_asked_for_again_shorter():
    with Server(say('{"subject": "Um', finish="length"), say(GOOD)) as server:
        ask(server.url)
    assert "write less" in server.requests[1]["messages"][-1]["content"]


# Servers that fail for a moment


@pytest.mark.usefixtures("_no_pause")
@pytest.mark.parametrize(
    "behaviour",
    [
        refuse(429, "slow down"),
        refuse(500, "oops"),
        reply(502, "<html>Bad gateway</html>", kind="text/html"),
        refuse(503, "Loading model", "Retry-After: 0.05"),
        send(),
        reset(b""),
        reset(STREAM + event('{"subj')),
        send(STREAM, b'data: {"error": {"message": "CUDA out of memory"}}\n\n'),
        send(STREAM, b'data: {"choi\n\n'),
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 999\r\n\r\n", event("{")),
    ],
)
def test_what_may_pass_is_tried_again(behaviour: Behaviour):
    with Server(behaviour, behaviour, say(GOOD)) as server:
        assert ask(server.url).subject == "Um farol à noite"
    assert len(server.requests) == 3


def test_a_server_is_waited_for_as_long_as_it_asks():
    with Server(refuse(429, "slow down", "Retry-After: 1"), say(GOOD)) as server:
        started = time.monotonic()
        ask(server.url)
    assert 1 <= time.monotonic() - started < 4


def test_a_wish_beyond_the_deadline_is_not_waited_for():
    date = "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT"
    started = time.monotonic()
    with Server(refuse(429, "slow down", date)) as server, pytest.raises(EngineError, match="slow down"):
        ask(server.url)
    assert time.monotonic() - started < 2
    assert len(server.requests) == 1


@pytest.mark.usefixtures("_no_pause")
def test_a_server_that_keeps_failing_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openai_text, "TRIES", 1)
    monkeypatch.setattr(breaker, "REST_S", 0.5)
    with Server(*[refuse(500, "oops")] * 3, say(GOOD)) as server:
        engine = engine_for(server.url)
        for _ in range(3):
            with pytest.raises(EngineError, match="oops"):
                engine.generate(summary_prompt(), SubjectDraft, OPTIONS)
        with pytest.raises(EngineError, match="3 times in a row"):
            engine.generate(summary_prompt(), SubjectDraft, OPTIONS)
        assert len(server.requests) == 3
        time.sleep(0.5)
        assert engine.generate(summary_prompt(), SubjectDraft, OPTIONS).value.subject == "Um farol à noite"
        assert engine._breaker.failures == 0


# Errors in plain words


def page_of_models(asked: Asked) -> None:
    reply(200, {"object": "list", "data": [{"id": name} for name in ("llama", "gemma")]})(asked)


@pytest.mark.parametrize(
    ("behaviours", "words"),
    [
        ([refuse(401, f"bad key {KEY}")], "does not accept the key.*CHAMADA_OPENAI_API_KEY"),
        ([refuse(403, "not for you")], "does not accept the key"),
        ([refuse(404, "The model `m` does not exist"), page_of_models], "does not have the model m.*llama, gemma"),
        ([refuse(404, "model 'm' not found"), refuse(404, "?")], "does not have the model m.*CHAMADA_OPENAI_MODEL"),
        ([reply(404, "Not found", kind="text/plain")], "no chat at .*ends in /v1"),
        ([refuse(429, "No credit", code="insufficient_quota")], "no credit left: No credit"),
        ([refuse(400, f"Strange {KEY}")], "refuses the request .400: Strange …"),
        ([send(STREAM, event("", "content_filter"))], "declines"),
        ([reply(200, "<!doctype html>", kind="text/html")], "web page"),
    ],
)
def test_an_error_says_what_to_do_and_never_the_key(behaviours: list[Behaviour], words: str):
    with Server(*behaviours) as server, pytest.raises(EngineError, match=words) as caught:
        ask(server.url)
    assert KEY not in str(caught.value)
    assert "127.0.0.1" in str(caught.value) or "declines" in words
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_text_that_is_too_long_says_so():
    too_long = refuse(400, "This model's maximum context length is 4096 tokens")
    with Server(too_long) as server, pytest.raises(PromptTooLong, match="longer than m"):
        ask(server.url)


def test_nothing_shows_the_key():
    engine = engine_for("http://ana:hidden@example.com/v1?token=hidden")
    assert KEY not in repr(engine.server)
    assert engine.server.address == "http://example.com/v1"


def test_a_key_that_can_be_no_key_is_refused_before_it_is_sent():
    engine = OpenAIText("http://127.0.0.1:9/v1", "m", api_key="chave\nçecreta")
    with pytest.raises(EngineError, match="characters that no key has") as caught:
        engine.generate(summary_prompt(), SubjectDraft, OPTIONS)
    assert "creta" not in str(caught.value)


def test_a_model_that_is_a_path_is_called_by_its_name():
    assert engine_for("http://x/v1", model="/models/ana/llama-8b").origin.model == "llama-8b"
    assert engine_for("http://x/v1", model="meta-llama/Llama").origin.model == "meta-llama/Llama"


def test_another_server_or_model_is_another_fingerprint():
    prints = {engine_for(url, model=name).fingerprint for url in ("http://a/v1", "http://b/v1") for name in "mn"}
    assert len(prints) == 4


def test_an_answer_of_more_than_an_answers_size_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openai_client, "LARGEST_BODY", 10_000)
    large = reply(200, {"choices": [], "x": "y" * 20_000})
    with Server(large) as server, pytest.raises(EngineError, match="more than an answer can be"):
        ask(server.url)


def test_the_shape_of_a_copy_passes_through_whole():
    copy = Copy(headline="Pão quente", text="Pão.\nQuente.\t#Pão")
    with Server(say(copy.model_dump_json().replace("\\n", "\n"))) as server:
        result = engine_for(server.url).generate(summary_prompt(), Copy, OPTIONS)
    assert result.value == copy
