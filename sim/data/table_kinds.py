"""The kinds of tables that are read, and what each calls its columns; other usual names of them stand beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NUMBER, TRUTH, DATE, TEXT = "number", "truth", "date", "text"


@dataclass(frozen=True)
class ExpectedColumn:
    """A column as we name it.

    Attributes:
        name: Ours.
        holds: `number`, `truth`, `date` or `text`.
        known_as: Other names by which files call it, as `folded` writes them. A file's column is taken for it only
            where no other column has our own name, and that is said.
        asked: Parts of the wording of a question whose answers it holds, as `folded` writes them.
    """

    name: str
    holds: str
    known_as: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def is_called(self, name: str) -> bool:
        """Whether a file calls it so; `name` is as `folded` writes it.

        >>> column = ExpectedColumn("recommend", NUMBER, ("nps",), ("torecommend",))
        >>> column.is_called("nps"), column.is_called("howlikelyareyoutorecommendus"), column.is_called("n")
        (True, True, False)
        """
        asked = any(part in name for part in self.asked) and not name.endswith("group")  # Qualtrics: Detractor ...
        return asked or name in self.known_as


@dataclass(frozen=True)
class TableKind:
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
    columns: Mapping[str, ExpectedColumn]
    spread: bool = False
    bare: bool = False


def kind(
    name: str,
    *columns: ExpectedColumn,
    forms: tuple[tuple[str, ...], ...] = ((),),
    spread: bool = False,
    bare: bool = False,
) -> TableKind:
    """A kind from its columns.

    >>> kind("heights", ExpectedColumn("height", NUMBER), forms=(("height",),)).forms
    (('height',),)
    """
    return TableKind(name, forms, {column.name: column for column in columns}, spread, bare)


_CUSTOMER = ExpectedColumn(
    "customer",
    TEXT,
    ("customerid", "clientid", "userid", "accountid", "custid", "customernumber", "id", "client", "kundennummer",
     "kundennr", "kundenid", "kunde", "cliente", "idcliente", "numerocliente", "numclient"),
)  # fmt: skip
_WEIGHT = ExpectedColumn("weight", NUMBER, ("weights", "surveyweight", "sampleweight", "wgt"))
_SEGMENT = ExpectedColumn("segment", TEXT, ("customersegment", "segmentname", "group", "segmento", "kundensegment"))

_JOINED = (
    "signup", "signupdate", "signedup", "signedupat", "joindate", "joinedat", "startdate", "start", "customersince",
    "subscribed", "subscribedat", "contractstart", "contractstartdate", "becameacustomerdate", "created", "createdat",
    "createdutc", "datecreated", "vertragsbeginn", "kundeseit", "beginn", "eintritt", "eintrittsdatum", "fechaalta",
    "fechadealta", "alta",
)  # fmt: skip
_LEFT = (
    "cancelled", "canceled", "cancelledat", "canceledat", "cancelledatutc", "canceledatutc", "canceldate",
    "cancellationdate", "churndate", "churnedat", "churnedon", "cancelledon", "canceledon",
    "contractend", "contractenddate", "enddate", "endedat", "leftdate",
    "end", "unsubscribedat", "vertragsende", "kündigungsdatum", "kündigung", "gekündigtam", "gekündigtzum", "austritt",
    "austrittsdatum", "fechabaja", "fechadebaja", "baja",
)  # fmt: skip
_TENURE = (
    "tenuremonths", "tenureinmonths", "tenuredays", "tenureweeks", "tenureyears", "duration", "lifetime", "laufzeit",
    "laufzeitmonate", "laufzeitinmonaten", "vertragsdauer", "kundendauer", "antigüedad", "antigüedadmeses",
)  # fmt: skip
_SPAN = ("month", "week", "day", "periodstart", "timestamp", "ds", "monat", "woche", "datum", "mes", "fecha", "mois")

CHURN = kind(
    "churn",
    ExpectedColumn("tenure", NUMBER, _TENURE),
    ExpectedColumn(
        "churned",
        TRUTH,
        ("churn", "churnlabel", "churnvalue", "event", "exited", "attrition", "attrited", "haschurned", "ischurned",
         "churnflag", "churnedflag", "customerstatus", "accountstatus", "gekündigt", "abgewandert", "abandono",
         "bajacliente"),
    ),
    ExpectedColumn("joined", DATE, _JOINED),
    ExpectedColumn("left", DATE, _LEFT),
    ExpectedColumn("customers", NUMBER, ("count", "number", "frequency")),
    _WEIGHT,
    _CUSTOMER,
    ExpectedColumn("entry", NUMBER, ("entrytenure", "lateentry", "tenureatentry", "truncation", "delayedentry")),
    _SEGMENT,
    forms=(("tenure", "churned"), ("joined", "left")),
)  # fmt: skip

HISTORY = kind(
    "churn",
    _CUSTOMER,
    ExpectedColumn(
        "date",
        DATE,
        (*_SPAN, "changedat", "changedon", "statusdate", "eventdate", "validfrom", "effectivedate", "createdat"),
    ),
    ExpectedColumn(
        "status",
        TEXT,
        ("state", "event", "newstatus", "subscriptionstatus", "customerstatus", "accountstatus", "estado", "zustand"),
    ),
    _SEGMENT,
    forms=(("customer", "date", "status"),),
)
"""Of churn, where each customer has a row for each state."""

RETENTION = kind(
    "retention",
    ExpectedColumn(
        "time",
        NUMBER,
        ("tenure", "age", "month", "week", "year", "cohortage", "periodnumber", "cohortperiod", "activitymonth",
         "monat", "woche", "jahr", "zeit", "mes", "semana", "año"),
    ),
    ExpectedColumn(
        "survivors",
        NUMBER,
        ("stillthere", "remaining", "retained", "active", "activecustomers", "customersleft", "activeusers",
         "retainedusers", "retainedcustomers", "überlebende", "kundenbestand", "bestand", "aktivekunden",
         "clientesactivos", "activos"),
    ),
    ExpectedColumn("share", NUMBER, ("retention", "retentionrate", "survival", "bleiberate", "retención")),
    ExpectedColumn("rate", NUMBER, ("churnrate", "attritionrate", "abwanderungsrate", "tasadeabandono")),
    ExpectedColumn(
        "lost",
        NUMBER,
        ("leavers", "churnedcustomers", "customerslost", "lostcustomers", "cancellations", "cancelations",
         "cancelledcustomers", "kündigungen", "abgänge", "bajas"),
    ),
    ExpectedColumn(
        "customers",
        NUMBER,
        ("cohortsize", "nusers", "startingcustomers", "customersatstart", "customersatbeginning", "openingcustomers",
         "users", "totalusers", "subscribers", "kunden", "anfangsbestand", "clientes"),
    ),
    ExpectedColumn("cohort", TEXT, ("cohortmonth", "acquisitionmonth", "cohortgroup", "kohorte", "cohorte")),
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
    ExpectedColumn("period", NUMBER, ("periodnumber",)),
    ExpectedColumn(
        "date",
        DATE,
        (*_SPAN, "createdat", "created", "createddate", "creationdate", "datetimeopened", "openeddate", "dateopened",
         "openedat", "opened", "receivedat", "datereceived", "reportedat", "eingang", "eingangsdatum", "erstelltam"),
    ),
    ExpectedColumn(
        "complaints",
        NUMBER,
        ("complaintcount", "numberofcomplaints", "cases", "tickets", "beschwerden", "reklamationen", "quejas",
         "reclamaciones"),
    ),
    ExpectedColumn("customers", NUMBER, ("activecustomers", "customerbase", "subscribers", "kunden", "clientes")),
    ExpectedColumn(
        "ticket",
        TEXT,
        ("ticketid", "ticketnumber", "ticketno", "caseid", "casenumber", "caseno", "complaintid", "complaintnumber",
         "id", "vorgang", "vorgangsnummer", "ticketnummer", "beschwerdenummer"),
    ),
    _SEGMENT,
    ExpectedColumn("mode", TEXT, ("failuremode", "complainttype", "reason", "category", "complaintreason")),
    forms=(("period", "complaints"), ("date", "complaints"), ("ticket", "date")),
)  # fmt: skip

SATISFACTION = kind(
    "satisfaction",
    ExpectedColumn(
        "overall",
        NUMBER,
        ("overallsatisfaction", "csat", "satisfaction", "csatscore", "satisfactionrating", "csatrating",
         "ticketsatisfactionrating", "zufriedenheit", "satisfacción"),
        ("satisfiedareyou", "satisfiedwereyou", "satisfiedordissatisfied", "zufriedensindsie", "zufriedenwarensie",
         "satisfechoest", "satisfaitêtes"),
    ),
    ExpectedColumn("score", NUMBER, ("satisfactionscore", "index")),
    ExpectedColumn("expectation", NUMBER, ("expectations",)),
    ExpectedColumn("ideal", NUMBER),
    ExpectedColumn("answers", NUMBER, ("responses", "respondents", "numberofanswers", "frequency")),
    _WEIGHT,
    _SEGMENT,
    ExpectedColumn("customer", TEXT, ("respondentid", "respondent", *_CUSTOMER.known_as)),
    forms=(("overall",), ("score",)),
)  # fmt: skip

PEOPLE = kind(
    "people",
    ExpectedColumn("customer", TEXT, _CUSTOMER.known_as),
    ExpectedColumn("segment", TEXT, ("customersegment", "segmentname")),
    ExpectedColumn("firm", TEXT, ("supplier", "provider", "brand")),
    ExpectedColumn(
        "spend", NUMBER, ("arpu", "spendperpurchase", "averagepurchase", "monthlycharges", "monthlyspend", "basket")
    ),
    ExpectedColumn("tenure", NUMBER, _TENURE),
    ExpectedColumn("joined", DATE, _JOINED),
    ExpectedColumn("satisfaction", NUMBER, ("csat", "satisfactionscore", "overallsatisfaction")),
)
"""Customers of the start; whatever a table does not say is drawn by the model."""

SERIES = kind(
    "series",
    ExpectedColumn("date", DATE, (*_SPAN, "from", "since", "validfrom")),
    ExpectedColumn("period", NUMBER, ("periodnumber",)),
    ExpectedColumn("value", NUMBER),
    forms=(("date",), ("period",)),
)
"""A parameter's course: whatever other columns there are may be asked for by name."""

WHICHEVER = "column"
"""What stands for the name of a series' column where it is to be found by the parameter's name."""

UNIT_PRICES = ("price", "unitprice", "itemprice")
"""Names of what one piece costs, as `folded` writes them."""

TRANSACTIONS = kind(
    "transactions",
    ExpectedColumn("customer", TEXT, (*_CUSTOMER.known_as, "email", "customeremail")),
    ExpectedColumn(
        "date",
        DATE,
        ("orderdate", "purchasedate", "transactiondate", "invoicedate", "eventtime", "timestamp", "day", "datetime",
         "createdat", "datum", "fecha"),
    ),
    ExpectedColumn(
        "amount",
        NUMBER,
        (*UNIT_PRICES, "value", "revenue", "total", "ordertotal", "totalamount", "sales", "monetaryvalue", "spend",
         "paid", "betrag", "umsatz", "importe"),
    ),
    ExpectedColumn("quantity", NUMBER, ("qty", "menge", "cantidad")),
    ExpectedColumn(
        "order",
        TEXT,
        ("orderid", "ordernumber", "orderno", "invoiceno", "invoicenumber", "invoice", "transactionid", "receiptno",
         "bestellnummer", "rechnungsnummer", "pedido"),
    ),
    _SEGMENT,
    forms=(("customer", "date"),),
    bare=True,
)  # fmt: skip

NPS = kind(
    "nps",
    ExpectedColumn(
        "recommend",
        NUMBER,
        ("nps", "recommendation", "likelihoodtorecommend", "npsscore", "ltr", "npsanswer", "score", "rating",
         "response"),
        ("torecommend", "wouldrecommend", "yourecommend", "weiterempfehlen", "recomiende", "recomendar", "recommander"),
    ),
    ExpectedColumn("promoters", NUMBER, ("promotores", "promotoren")),
    ExpectedColumn("passives", NUMBER, ("neutrals", "pasivos", "passive", "indifferente")),
    ExpectedColumn("detractors", NUMBER, ("detractores", "detraktoren", "kritiker")),
    ExpectedColumn("answers", NUMBER, ("responses", "respondents", "numberofanswers", "frequency", "count", "n")),
    _WEIGHT,
    _SEGMENT,
    ExpectedColumn("customer", TEXT, ("respondentid", "respondent", *_CUSTOMER.known_as)),
    forms=(("recommend",), ("promoters", "passives", "detractors")),
)  # fmt: skip

SERVQUAL = kind(
    "servqual",
    ExpectedColumn("dimension", TEXT, ("servqualdimension", "factor")),
    ExpectedColumn("perceived", NUMBER, ("perception", "performance", "p", "experienced")),
    ExpectedColumn("expected", NUMBER, ("expectation", "expectations", "e", "desired")),
    ExpectedColumn("item", TEXT, ("question", "statement")),
    ExpectedColumn("answers", NUMBER, ("responses", "respondents", "numberofanswers", "frequency", "count", "n")),
    _WEIGHT,
    _SEGMENT,
    ExpectedColumn("customer", TEXT, ("respondentid", "respondent", *_CUSTOMER.known_as)),
    forms=(("dimension", "perceived"),),
)

ANSWERS = frozenset(("overall", "score", "expectation", "ideal", "recommend", "perceived", "expected"))
"""Columns whose cells surveys write with words behind the number: `10 - Extremely likely`."""

FITTED = {one.name: one for one in (RETENTION, CHURN, COMPLAINTS, SATISFACTION, TRANSACTIONS, NPS, SERVQUAL)}
"""Kinds that parameters can be fitted to."""

GUESSED_FIRST = ("retention", "churn", "complaints", "satisfaction")
"""Kinds that a table is taken for by its columns before any other."""

SURVEYS = ("nps", "satisfaction", "servqual")
"""Kinds whose rows are answers."""

WITHOUT_UNIT = frozenset(("satisfaction", "transactions", "nps", "servqual"))
"""Kinds that count no time in units."""

TELLING = frozenset(
    ("weight", "weights", "wgt", "w", "n", "count", "counts", "size", "freq", "frequency", "entry", "segment", "cohort",
     "scale", "unit", "answers", "responses", "respondents", "customers", "censored", "status", "group", "surveytype",
     "currency", "currencycode", "währung", "moneda")
)  # fmt: skip
"""Names of columns that would change an answer by their nature; left aside, they are warned of."""

_TELLING_PARTS = ("weight", "gewicht", "paus", "suspend", "resum", "reactivat", "refund", "chargeback")


CHOOSING = frozenset(("status", "group", "segment", "cohort", "surveytype", "currency", "currencycode"))
"""Those of them that only part the rows, and tell nothing where all have the same."""


def is_telling(name: str) -> bool:
    """Whether a column would change an answer by its name, which is as `folded` writes it.

    >>> is_telling("status"), is_telling("quotaweight"), is_telling("pausedat"), is_telling("plan")
    (True, True, True, False)
    """
    return name in TELLING or any(part in name for part in _TELLING_PARTS)
