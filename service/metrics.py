"""Every metric, its labels and buckets, in one list.

Label values come from the settings, the keys file and from code, never from a caller: models, arms and checkpoints are
the configured ones, clients are the names of API keys, languages outside ``LANGUAGES`` are counted as "other". A
language is counted as a whole, ``zh-Hant`` as ``zh`` and ``pt-BR`` as ``pt``, to keep the series few; the diagnosis and
the log line hold the whole tag.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .store.writer import Writer
from .upstream import Cluster
from .upstream.breaker import State

# The languages that get series of their own, and whose word lists are loaded at start; ISO 639 codes, the base of the
# BCP 47 tag.
LANGUAGES = frozenset(
    (
        "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu",
        "id", "is", "it", "ja", "kk", "ko", "lt", "lv", "mk", "ms", "ne", "nl", "no", "pl", "pt", "ro", "ru", "sk",
        "sl", "sr", "sv", "sw", "ta", "th", "tl", "tr", "uk", "ur", "vi", "yo", "zh",
    )
)  # fmt: skip

# OpenTelemetry GenAI conventions, gen_ai.server.request.duration and gen_ai.server.time_to_first_token; seconds.
DURATION_BUCKETS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
FIRST_TOKEN_BUCKETS = (0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)

# Characters: a wrong reply should be called within one or two dozen; nothing is called early after 600.
SOFT_MISMATCH_BUCKETS = (8, 16, 24, 32, 48, 64, 96, 128, 200, 300, 600)

ARM = ("model", "arm", "checkpoint")

_ONE_LANGUAGE = {"nb": "no", "nn": "no", "fil": "tl"}


def language_label(tag: str | None) -> str:
    """The label for a language: its base code, "other" outside ``LANGUAGES``, "none" when there is none."""
    if tag is None:
        return "none"
    base = tag.partition("-")[0]
    base = _ONE_LANGUAGE.get(base, base)
    return base if base in LANGUAGES else "other"


ENDPOINT = ("checkpoint", "endpoint")
BREAKER = {State.CLOSED: 0.0, State.HALF_OPEN: 0.5, State.OPEN: 1.0}


class ClusterCollector(Collector):
    """What clusters know of themselves, read when somebody asks for it, so that a request does not pay for it.

    An endpoint is called host and port as the settings have them, or, where addresses are looked up, the host and the
    lowest number that is free: the series are no more than the endpoints there ever are at the same time.
    """

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self._clusters = clusters

    def collect(self) -> Iterator[Metric]:
        """The metrics of this moment. Called in another thread than the event loop's, so it only reads."""
        yield from self._of_clusters()
        yield from self._of_endpoints()

    def _of_clusters(self) -> Iterator[Metric]:
        counters = (
            ("dragoman_retries", "Requests tried again, hedges included.", "retried"),
            ("dragoman_hedges", "Second tries made before the first had answered.", "hedged"),
            ("dragoman_retry_budget_exhausted", "Requests not tried again for want of budget.", "out_of_budget"),
            ("dragoman_failed_lookups", "Lookups of a checkpoint's host that brought nothing.", "failed_lookups"),
        )
        for name, documentation, attribute in counters:
            family = CounterMetricFamily(name, documentation, labels=("checkpoint",))
            for cluster in self._clusters:
                family.add_metric((cluster.checkpoint,), getattr(cluster, attribute))
            yield family

    def _of_endpoints(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "dragoman_endpoint_up", "1 unless health checks or the breaker keep requests away.", labels=ENDPOINT
        )
        breaker = GaugeMetricFamily(
            "dragoman_endpoint_breaker", "0 closed, 0.5 half-open, 1 open: the endpoint is ejected.", labels=ENDPOINT
        )
        in_flight = GaugeMetricFamily(
            "dragoman_endpoint_requests_in_flight", "Requests an endpoint is at.", labels=ENDPOINT
        )
        ejections = CounterMetricFamily("dragoman_endpoint_ejections", "How often the breaker opened.", labels=ENDPOINT)
        for cluster in self._clusters:
            for endpoint in cluster.endpoints:
                labels = (cluster.checkpoint, endpoint.label)
                up.add_metric(labels, float(endpoint.up))
                breaker.add_metric(labels, BREAKER[endpoint.breaker.state])
                in_flight.add_metric(labels, endpoint.in_flight)
                ejections.add_metric(labels, endpoint.ejections)
        yield from (up, breaker, in_flight, ejections)


class StoreCollector(Collector):
    """What the writer of records knows of itself; without one, that there is none."""

    def __init__(self, writer: Writer | None) -> None:
        self._writer = writer

    def collect(self) -> Iterator[Metric]:
        """The metrics of this moment. Called in another thread than the event loop's, so it only reads."""
        writer = self._writer
        up = "1 unless records cannot be written: the database failed the last time, or could not be opened at all."
        yield GaugeMetricFamily("dragoman_store_up", up, float(writer is not None and writer.is_up))
        if writer is None:
            return
        yield GaugeMetricFamily("dragoman_store_queue_length", "Records that wait to be written.", writer.waiting)
        yield GaugeMetricFamily(
            "dragoman_store_lag_seconds", "For how long the oldest record that is not written has waited.", writer.lag
        )
        yield CounterMetricFamily("dragoman_store_written_records", "Records that were written.", writer.written)
        yield CounterMetricFamily("dragoman_store_errors", "Batches that could not be written.", writer.errors)
        dropped = CounterMetricFamily(
            "dragoman_store_dropped_records",
            "Records that were lost: the queue was full, the database failed for too long, they were broken, or the "
            "gateway closed.",
            labels=("reason",),
        )
        bodies = CounterMetricFamily(
            "dragoman_store_bodies",
            "Texts that were to be kept: kept, full (too many were waiting), or broken (the redaction failed).",
            labels=("result",),
        )
        for family, counts in ((dropped, writer.dropped), (bodies, writer.bodies)):
            for value, count in dict(counts).items():
                family.add_metric((value,), count)
            yield family


class Metrics:
    """The metrics of one gateway, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.requests = Counter(
            "dragoman_requests",
            "Inferences by what the caller got: ok, cancelled (the caller left), or the kind of error; by assignment.",
            (*ARM, "outcome"),
            registry=registry,
        )
        self.attempts = Counter(
            "dragoman_attempts",
            "Attempts at inferences, by the checkpoint that was asked and why: primary, fallback (nothing came from "
            "the one before), repair (it began wrong). The outcome of one that was stopped for a repair is replaced.",
            (*ARM, "role", "outcome"),
            registry=registry,
        )
        self.repairs = Counter(
            "dragoman_repairs",
            "Replies that began wrong where the policy is to do something about it, by what was wrong (language, "
            "modifier), the policy, and what came of it.",
            (*ARM, "check", "action", "outcome"),
            registry=registry,
        )
        self.repair_delay = Histogram(
            "dragoman_repair_delay_seconds",
            "By how much a repair delayed the first words.",
            ARM,
            buckets=FIRST_TOKEN_BUCKETS,
            registry=registry,
        )
        self.rejected = Counter(
            "dragoman_rejected_requests",
            "Requests that reached no checkpoint, by the error's code.",
            ("code",),
            registry=registry,
        )
        self.clients = Counter(
            "dragoman_client_requests",
            "Requests by the name of the API key, and what became of them at the door: admitted, or held back by the "
            "key's limit of requests or tokens.",
            ("client", "result"),
            registry=registry,
        )
        self.limiter_failures = Counter(
            "dragoman_rate_limiter_failures",
            "Requests whose rate limits could not be looked up in Redis.",
            registry=registry,
        )
        self.waiting = Gauge(
            "dragoman_requests_waiting",
            "Requests that wait for one of the model's places, or (no model) of the gateway's.",
            ("model",),
            registry=registry,
        )
        self.shed = Counter(
            "dragoman_shed_requests",
            "Requests that found no place, by why: queue_full, queue_timeout, shutting_down.",
            ("reason",),
            registry=registry,
        )
        self.in_flight = Gauge(
            "dragoman_inferences_in_flight",
            "Attempts under way, by the checkpoint that is asked.",
            ARM,
            registry=registry,
        )
        self.duration = Histogram(
            "gen_ai_server_request_duration_seconds",
            "Time from the request to the end of the reply.",
            ARM,
            buckets=DURATION_BUCKETS,
            registry=registry,
        )
        self.first_token = Histogram(
            "gen_ai_server_time_to_first_token_seconds",
            "Time from the request to the first piece of the reply.",
            ARM,
            buckets=FIRST_TOKEN_BUCKETS,
            registry=registry,
        )
        self.tokens = Counter("dragoman_tokens", "Tokens as the engine counts them.", (*ARM, "type"), registry=registry)
        self.language = Counter(
            "dragoman_language_verdicts",
            "Replies by the verdict on their language.",
            (*ARM, "expected", "verdict"),
            registry=registry,
        )
        self.language_instead = Counter(
            "dragoman_language_mismatches",
            "Replies in the wrong language, by the language they are in: en or other.",
            (*ARM, "expected", "detected"),
            registry=registry,
        )
        self.surface = Counter(
            "dragoman_surface",
            "Replies with a flaw on their surface, by which: repetition, mojibake, a lead-in in another language, ...",
            (*ARM, "expected", "name"),
            registry=registry,
        )
        self.code_switched = Counter(
            "dragoman_language_code_switched",
            "Replies that hold runs of three words or more in another language.",
            (*ARM, "expected"),
            registry=registry,
        )
        # Without the expected language, which would multiply its thirteen series by fifty.
        self.soft_mismatch = Histogram(
            "dragoman_language_soft_mismatch_characters",
            "Characters of a reply after which it was first called wrong while it streamed.",
            ARM,
            buckets=SOFT_MISMATCH_BUCKETS,
            registry=registry,
        )
        self.modifiers = Counter(
            "dragoman_modifier_verdicts",
            "Modifiers that were asked for, by the verdict on the reply.",
            (*ARM, "instruction_language", "modifier", "verdict"),
            registry=registry,
        )
        self.check_errors = Counter(
            "dragoman_check_errors", "Checks that broke, by name.", ("check",), registry=registry
        )
        self.report_errors = Counter(
            "dragoman_report_errors", "Finished inferences whose report broke and was lost.", registry=registry
        )
        self.diagnosis_seconds = Histogram(
            "dragoman_diagnosis_seconds",
            "Time the last step of a diagnosis takes, after the reply has ended.",
            buckets=(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1),
            registry=registry,
        )
