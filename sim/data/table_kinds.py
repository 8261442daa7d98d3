"""The kinds of tables that are read, and what each calls its columns; other usual names of them stand beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NUMBER, TRUTH, DATE, TEXT = "number", "truth", "date", "text"


@dataclass(frozen=True)
class Column:
    """A column as we name it.

    Attributes:
        name: Ours.
        holds: `number`, `truth`, `date` or `text`.
        known_as: Other names by which files call it, as `folded` writes them. A file's column is taken for it only
            where no other column has our own name, and that is said.
    """

    name: str
    holds: str
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of table.

    Attributes:
        name: As typed after `--as`.
        forms: Sets of columns of which one must be there; the first that is complete is taken.
        columns: All columns that it may have, by our names.
        spread: Whether its columns may be times, with a row for each cohort.
        bare: Whether its files may have no header, and spaces between cells, as logs have.
    """

    name: str
    forms: tuple[tuple[str, ...], ...]
    columns: Mapping[str, Column]
    spread: bool = False
    bare: bool = False


def kind(
    name: str,
    *columns: Column,
    forms: tuple[tuple[str, ...], ...] = ((),),
    spread: bool = False,
    bare: bool = False,
) -> Kind:
    """A kind from its columns.

    >>> kind("heights", Column("height", NUMBER), forms=(("height",),)).forms
    (('height',),)
    """
    return Kind(name, forms, {column.name: column for column in columns}, spread, bare)


_CUSTOMER = Column(
    "customer",
    TEXT,
    ("customerid", "clientid", "userid", "accountid", "custid", "customernumber", "id", "client", "kundennummer",
     "kundennr", "kundenid", "kunde", "cliente", "idcliente", "numerocliente", "numclient"),
)  # fmt: skip
_WEIGHT = Column("weight", NUMBER, ("weights", "surveyweight", "sampleweight", "wgt"))
_SEGMENT = Column("segment", TEXT, ("customersegment", "segmentname", "group", "segmento", "kundensegment"))

_JOINED = (
    "signup", "signupdate", "signedup", "signedupat", "joindate", "joinedat", "startdate", "start", "customersince",
    "subscribed", "subscribedat", "created", "createdat", "createdutc", "datecreated", "vertragsbeginn", "kundeseit",
    "beginn", "eintritt", "eintrittsdatum", "fechaalta", "fechadealta", "alta",
)  # fmt: skip
_LEFT = (
    "cancelled", "canceled", "cancelledat", "canceledat", "cancelledatutc", "canceledatutc", "canceldate",
    "cancellationdate", "churndate", "churnedat", "enddate", "endedat", "leftdate", "end", "unsubscribedat",
    "vertragsende", "kündigungsdatum", "kündigung", "gekündigtam", "gekündigtzum", "austritt", "austrittsdatum",
    "fechabaja", "fechadebaja", "baja",
)  # fmt: skip
_TENURE = (
    "tenuremonths", "tenureinmonths", "tenuredays", "tenureweeks", "tenureyears", "duration", "lifetime", "laufzeit",
    "laufzeitmonate", "laufzeitinmonaten", "vertragsdauer", "kundendauer", "antigüedad", "antigüedadmeses",
)  # fmt: skip
_SPAN = ("month", "week", "day", "periodstart", "timestamp", "ds", "monat", "woche", "datum", "mes", "fecha", "mois")

CHURN = kind(
    "churn",
    Column("tenure", NUMBER, _TENURE),
    Column(
        "churned",
        TRUTH,
        ("churn", "churnlabel", "churnvalue", "event", "exited", "attrition", "attrited", "haschurned", "gekündigt",
         "abgewandert", "abandono", "bajacliente"),
    ),
    Column("joined", DATE, _JOINED),
    Column("left", DATE, _LEFT),
    Column("customers", NUMBER, ("count", "number", "frequency")),
    _WEIGHT,
    _CUSTOMER,
    Column("entry", NUMBER, ("entrytenure", "lateentry", "tenureatentry", "truncation", "delayedentry")),
    _SEGMENT,
    forms=(("tenure", "churned"), ("joined", "left")),
)  # fmt: skip

RETENTION = kind(
    "retention",
    Column(
        "time",
        NUMBER,
        ("tenure", "age", "month", "week", "year", "cohortage", "periodnumber", "cohortperiod", "activitymonth",
         "monat", "woche", "jahr", "zeit", "mes", "semana", "año"),
    ),
    Column(
        "survivors",
        NUMBER,
        ("stillthere", "remaining", "retained", "active", "activecustomers", "customersleft", "activeusers",
         "retainedusers", "retainedcustomers", "überlebende", "kundenbestand", "bestand", "aktivekunden",
         "clientesactivos", "activos"),
    ),
    Column("share", NUMBER, ("retention", "retentionrate", "survival", "bleiberate", "retención")),
    Column("rate", NUMBER, ("churnrate", "attritionrate", "abwanderungsrate", "tasadeabandono")),
    Column(
        "lost",
        NUMBER,
        ("leavers", "churnedcustomers", "customerslost", "lostcustomers", "cancellations", "cancelations",
         "cancelledcustomers", "kündigungen", "abgänge", "bajas"),
    ),
    Column(
        "customers",
        NUMBER,
        ("cohortsize", "nusers", "startingcustomers", "customersatstart", "customersatbeginning", "openingcustomers",
         "users", "totalusers", "subscribers", "kunden", "anfangsbestand", "clientes"),
    ),
    Column("cohort", TEXT, ("cohortmonth", "acquisitionmonth", "cohortgroup", "kohorte", "cohorte")),
    _SEGMENT,
    forms=(
        ("time", "survivors"),
        ("time", "share", "customers"),
        ("time", "share"),
        ("time", "lost", "customers"),
        ("time", "rate", "customers"),
    ),
    spread=True,
)  # fmt: skip

COMPLAINTS = kind(
    "complaints",
    Column("period", NUMBER, ("periodnumber",)),
    Column(
        "date",
        DATE,
        (*_SPAN, "createdat", "created", "creationdate", "dateopened", "openedat", "opened", "receivedat",
         "datereceived", "reportedat", "eingang", "eingangsdatum", "erstelltam"),
    ),
    Column(
        "complaints",
        NUMBER,
        ("complaintcount", "numberofcomplaints", "cases", "tickets", "beschwerden", "reklamationen", "quejas",
         "reclamaciones"),
    ),
    Column("customers", NUMBER, ("activecustomers", "customerbase", "subscribers", "kunden", "clientes")),
    Column(
        "ticket",
        TEXT,
        ("ticketid", "ticketnumber", "ticketno", "caseid", "casenumber", "caseno", "complaintid", "complaintnumber",
         "id", "vorgang", "vorgangsnummer", "ticketnummer", "beschwerdenummer"),
    ),
    _SEGMENT,
    Column("mode", TEXT, ("failuremode", "complainttype", "reason", "category", "complaintreason")),
    forms=(("period", "complaints"), ("date", "complaints"), ("ticket", "date")),
)  # fmt: skip

SATISFACTION = kind(
    "satisfaction",
    Column("overall", NUMBER, ("overallsatisfaction", "csat", "satisfaction")),
    Column("score", NUMBER, ("satisfactionscore", "index")),
    Column("expectation", NUMBER, ("expectations",)),
    Column("ideal", NUMBER),
    Column("answers", NUMBER, ("responses", "respondents", "numberofanswers", "frequency")),
    _WEIGHT,
    _SEGMENT,
    Column("customer", TEXT, ("respondentid", "respondent", *_CUSTOMER.known_as)),
    forms=(("overall",), ("score",)),
)

PEOPLE = kind(
    "people",
    Column("customer", TEXT, _CUSTOMER.known_as),
    Column("segment", TEXT, ("customersegment", "segmentname")),
    Column("firm", TEXT, ("supplier", "provider", "brand")),
    Column(
        "spend", NUMBER, ("arpu", "spendperpurchase", "averagepurchase", "monthlycharges", "monthlyspend", "basket")
    ),
    Column("tenure", NUMBER, _TENURE),
    Column("joined", DATE, _JOINED),
    Column("satisfaction", NUMBER, ("csat", "satisfactionscore", "overallsatisfaction")),
)
"""Customers of the start; whatever a table does not say is drawn by the model."""

SERIES = kind(
    "series",
    Column("date", DATE, (*_SPAN, "from", "since", "validfrom")),
    Column("period", NUMBER, ("periodnumber",)),
    Column("value", NUMBER),
    forms=(("date",), ("period",)),
)
"""A parameter's course: whatever other columns there are may be asked for by name."""

WHICHEVER = "column"
"""What stands for the name of a series' column where it is to be found by the parameter's name."""

TRANSACTIONS = kind(
    "transactions",
    _CUSTOMER,
    Column(
        "date",
        DATE,
        ("orderdate", "purchasedate", "transactiondate", "invoicedate", "eventtime", "timestamp", "day", "datetime"),
    ),
    Column("amount", NUMBER, ("value", "revenue", "price", "total", "sales", "monetaryvalue", "spend", "paid")),
    _SEGMENT,
    forms=(("customer", "date"),),
    bare=True,
)

NPS = kind(
    "nps",
    Column("recommend", NUMBER, ("nps", "recommendation", "likelihoodtorecommend", "npsscore", "ltr", "npsanswer")),
    Column("answers", NUMBER, ("responses", "respondents", "numberofanswers", "frequency", "count", "n")),
    _WEIGHT,
    _SEGMENT,
    Column("customer", TEXT, ("respondentid", "respondent", *_CUSTOMER.known_as)),
    forms=(("recommend",),),
)

SERVQUAL = kind(
    "servqual",
    Column("dimension", TEXT, ("servqualdimension", "factor")),
    Column("perceived", NUMBER, ("perception", "performance", "p", "experienced")),
    Column("expected", NUMBER, ("expectation", "expectations", "e", "desired")),
    Column("item", TEXT, ("question", "statement")),
    Column("answers", NUMBER, ("responses", "respondents", "numberofanswers", "frequency", "count", "n")),
    _WEIGHT,
    _SEGMENT,
    Column("customer", TEXT, ("respondentid", "respondent", *_CUSTOMER.known_as)),
    forms=(("dimension", "perceived"),),
)

ANSWERS = frozenset(("overall", "score", "expectation", "ideal", "recommend", "perceived", "expected"))
"""Columns whose cells surveys write with words behind the number: `10 - Extremely likely`."""

FITTED = {one.name: one for one in (RETENTION, CHURN, COMPLAINTS, SATISFACTION, TRANSACTIONS, NPS, SERVQUAL)}
"""Kinds that parameters can be fitted to."""

GUESSED_FIRST = ("retention", "churn", "complaints", "satisfaction")
"""Kinds that a table is taken for by its columns before any other."""

WITHOUT_UNIT = frozenset(("satisfaction", "transactions", "nps", "servqual"))
"""Kinds that count no time in units."""

TELLING = frozenset(
    ("weight", "weights", "wgt", "w", "n", "count", "counts", "size", "freq", "frequency", "entry", "segment", "cohort",
     "scale", "unit", "answers", "responses", "respondents", "customers", "censored", "status", "group")
)  # fmt: skip
"""Names of columns that would change an answer by their nature; left aside, they are warned of."""
