"""Exports of shops, surveys and billing, and habits of spreadsheets: read as they are, doubted, or refused once."""

import datetime as dt
from pathlib import Path

import pytest

from sim.data.describe import describe, guessed_kind
from sim.data.read_table import read_table
from sim.data.table_kinds import TRANSACTIONS
from sim.data.table_settings import TableSettings
from sim.data.transactions import read_purchases
from sim.vocabulary.errors import ScenarioError


def rows(count, line) -> str:
    return "".join(f"{line(number)}\n" for number in range(count))


@pytest.fixture
def told(tmp_path: Path):
    """What plain `sim data` says of a text, or with a kind and settings."""

    def tell(text: str, kind: str = "", **settings) -> str:
        file = tmp_path / "data.csv"
        file.write_text(text)
        stated = TableSettings(**settings)
        return "\n".join(describe(file, kind or guessed_kind(file, stated), stated).lines())

    return tell


@pytest.fixture
def refused(told):
    """The one message with which a text is refused."""

    def tell(text: str, kind: str = "", **settings) -> str:
        with pytest.raises(ScenarioError) as caught:
            told(text, kind, **settings)
        (problem,) = caught.value.problems
        return str(problem)

    return tell


# --- surveys ----------------------------------------------------------------------------------------------------------

SCORES = (10, 9, 7, 3)
HALF_AND_A_QUARTER = "promoters (9, 10) 50.0%, detractors (0 to 6) 25.0%"
SURVEYS = {
    "HubSpot": "Survey Submission ID,Survey Name,Survey Type,Response,Response Date\n"
    + rows(40, lambda i: f"{i},Q1,NPS,{SCORES[i % 4]},2025-03-0{i % 9 + 1} 10:02"),
    "Delighted": "Response ID,Survey type,Score,Created At\n"
    + rows(40, lambda i: f"{i},NPS,{SCORES[i % 4]},2025-03-0{i % 9 + 1} 10:02:01 UTC"),
    "SurveyMonkey": "Respondent ID,Collector ID,Start Date,End Date,"
    "How likely is it that you would recommend us?,,Other\n"
    ",,,,Response,Group,Open-Ended Response\n"
    + rows(40, lambda i: f"{i},44,05/10/2025 10:02:01 AM,05/10/2025 10:05:01 AM,{SCORES[i % 4]},Promoter,"),
    "Typeform": "#,How likely are you to recommend us?,Start Date (UTC),Submit Date (UTC),Network ID\n"
    + rows(40, lambda i: f"a{i},{SCORES[i % 4]},2025-05-01 10:02:01,2025-05-01 10:05:01,x"),
    "Google Forms": "Timestamp,How likely are you to recommend us to a friend?\n"
    + rows(40, lambda i: f"2025/05/01 10:02:01 AM GMT+2,{SCORES[i % 4]}"),
    "counts by week": "week,promoters,passives,detractors\n"
    + rows(12, lambda i: f"2025-W{i + 1:02},{30 + i},{15 + i % 2},{15 + i - i % 2}"),
}


@pytest.mark.parametrize("tool", list(SURVEYS)[:-1])
def test_recommendations_as_tools_export_them(told, tool: str):
    """By plain `sim data`. Nothing is odd: the column of the survey's type has one value, and days are of answers."""
    shown = told(SURVEYS[tool])
    assert HALF_AND_A_QUARTER in shown
    assert "odd" not in shown


def test_promoters_by_the_week(told, refused):
    """By hand: 12 x 35.5 = 426 promoters, 186 passives, 240 detractors; also as per cent with their number."""
    assert "852: promoters (9, 10) 50.0%, detractors (0 to 6) 28.2%" in told(SURVEYS["counts by week"])
    header = "week,promoters,passives,detractors"
    shares = told(f"{header},n\n1,50,30,20,100\n2,20,30,50.4,300\n")
    assert "400: promoters (9, 10) 27.4%, detractors (0 to 6) 42.6%" in shares  # 100 (.5), 300 x 20 / 100.4
    assert "every row makes 100" in told(f"{header}\n1,50,30,20\n2,20,30,50\n")
    assert "not as many as promoters" in refused(f"{header},n\n1,50,30,20,100\n2,20,30,40,300\n", "nps")


def test_a_score_of_the_firm_is_no_answer(refused):
    assert "net promoter scores, -100 to 100, hold none" in refused("week,nps\n" + "1,32\n" * 30, "nps")


def test_good_and_bad_are_refused_once(refused):
    said = ("Good", "Bad", "Offered", "Good")
    text = refused("Ticket ID,Satisfaction rating\n" + rows(60, lambda i: f"{i},{said[i % 4]}"))
    assert "Satisfaction rating: answers in words that are no usual steps; found 'Good' (30), 'Bad' (15)" in text
    assert "no fit takes them" in text


def test_five_steps_in_words(told, refused):
    """1, 2, 3, 4, 5, 5: 20 / 6 = 3.33 on the scale, 58.3 of 100. Two words for one step are steps of another scale."""
    words = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied", "Very satisfied"]
    shown = told("How satisfied are you with us?\n" + "\n".join(words * 5))
    assert "'Very dissatisfied' is 1" in shown
    assert "30, mean 3.33 on the scale, 58.3 of 100" in shown
    assert "no usual steps" in refused("csat\n" + "\n".join([*words, "Somewhat satisfied"] * 5))


@pytest.mark.parametrize("code", ["99", "-1", "77", "0"])
def test_a_code_for_no_answer_is_told_once_with_what_to_write(refused, told, code: str):
    text = "id,overall\n" + rows(60, lambda i: f"{i},{(5, 4, 4, 1, 2, code)[i % 6]}")
    assert f"in 10 rows; found '{code}'" in refused(text, scale="1-5")
    assert f"missing: [{code}]" in refused(text)
    shown = told(text, scale="1-5", missing=[int(code)])
    assert "50, mean 3.2 on the scale, 55.0 of 100" in shown  # the customer of that number stays
    assert f"10 of 60 rows left aside, with '{code}' in 'overall'" in shown


@pytest.mark.parametrize("code", [8, 9])
def test_a_code_that_makes_a_wider_scale_of_a_narrow_one_is_asked_about(refused, told, code: int):
    """It was read on 1 to 10, with the code as an answer, and no word."""
    text = "id,overall\n" + rows(60, lambda i: f"{i},{(5, 4, 4, 1, 2, code)[i % 6]}")
    shown = refused(text)
    assert f"The answers go from 1 to 5, and 10 are {code}" in shown
    assert f"missing: [{code}] and scale: 1-5" in shown
    assert "mean" in told(text, scale="1-10")
    assert "mean" in told(text + "61,7\n62,10\n")


@pytest.mark.parametrize("form", ["{} stars", "{}/5", "{} of 5", "{} out of 5"])
def test_so_many_of_so_many(told, form: str):
    text = "overall\n" + rows(40, lambda i: form.format((5, 4, 4, 1)[i % 4]))
    assert "40, mean 3.5 on the scale, 62.5 of 100" in told(text, scale="1-5")


def test_satisfaction_in_per_cent(told, refused):
    """80, 75, 60 and 95 per cent; with their sign or not, and never as 0.8 of 100."""
    text = "score\n" + rows(40, lambda i: f"{(80, 75, 60, 95)[i % 4]}%")
    assert "77.5 of 100" in told(text)
    assert "77.5 of 100" in told(text.replace("80%", "80"), scale="percent")
    assert "on which scale?" in refused(text.replace("%", "").replace("\n", "\n0."))


# --- purchases --------------------------------------------------------------------------------------------------------


def test_refunds_are_no_purchases(tmp_path: Path):
    """Twelve customers buy for 50 twice, five give one back on a later day: 24 purchases, and 950 paid."""
    file = tmp_path / "data.csv"
    bought = rows(24, lambda i: f"c{i % 12},2025-0{i // 12 + 1}-10,50")
    file.write_text(
        "customer,date,amount\n" + bought + rows(5, lambda i: f"c{i},2025-03-1{i},-50") + "z,2025-03-20,-9\n"
    )
    table = read_table(file, TRANSACTIONS)
    found = read_purchases(table)
    assert found.frequency.tolist() == [1.0] * 12
    assert found.amount.tolist() == [50.0] * 5 + [100.0] * 7
    assert "6 rows are below 0: no purchases, but given back" in "\n".join(table.odd)
    assert "1 customer has bought nothing" in "\n".join(table.odd)


def test_refunds_by_a_column_that_is_left_aside_are_told(told):
    text = "customer,date,amount,type\n" + rows(
        40, lambda i: f"c{i % 12},2025-01-{i % 28 + 1:02},5,{'sale' if i % 8 else 'Refund'}"
    )
    assert "5 rows have such as 'Refund' in 'type', and count as purchases: only.type=sale" in told(text)
    assert "Refund" not in told(text, only={"type": "sale"})


def test_a_negative_quantity_is_given_back_and_a_price_is_of_a_piece(told):
    """As a well-known retail log has it: 12 x 3 x 2.5 + 12 x 1 x 4 - 2 x 4 = 130."""
    line = "{},2025-0{}-01 08:26,{},{},c{}"
    text = "InvoiceNo,InvoiceDate,Quantity,UnitPrice,CustomerID\n"
    text += rows(12, lambda i: line.format(500 + i, 1, 3, "2.50", i))
    text += rows(12, lambda i: line.format(600 + i, 2, 1, "4.00", i))
    shown = told(text + rows(2, lambda i: line.format(f"C{i}", 3, -1, "4.00", i)))
    assert "'UnitPrice' times 'Quantity'" in shown
    assert "130 in all" in shown
    assert "12 with 24 purchases" in shown
    assert "2 rows are below 0" in shown


def test_items_of_an_order_in_rows_of_their_own(told):
    """Shopify gives the total in the first row of an order; others repeat it; or each item has its amount."""
    shopify = "Name,Email,Total,Created at,Lineitem quantity,Lineitem name,Id,Cancelled at\n" + rows(
        48,
        lambda i: (
            f"#{i // 2},c{i // 2 % 12}@x,{'' if i % 2 else 20},2025-0{i // 24 + 1}-10 10:00:00 +0100,1,Shirt,"
            f"{'' if i % 2 else 9000 + i},"
        ),
    )
    shown = told(shopify, columns={"customer": "Email"})
    assert "24 rows without an amount are further items of the orders above" in shown
    assert "12 with 24 purchases" in shown
    assert "480 in all, 20 a purchase" in shown

    header = "Order ID,Customer ID,Order Date,Order Total\n"
    repeated = told(header + rows(48, lambda i: f"{i // 2},{i // 2 % 12},2025-0{i // 24 + 1}-10,{20 + i // 2}"))
    assert (
        "24 of 'Order ID' have several rows with the same amount in each: it is taken as the order's, once" in repeated
    )
    assert "756 in all" in repeated  # 24 x 20 + 276
    each = told(header + rows(48, lambda i: f"{i // 2},{i // 2 % 12},2025-0{i // 24 + 1}-10,{20 + i}"))
    assert "added up" in each
    assert "2,088 in all" in each


def test_a_shop_s_orders_are_no_customers_who_join_and_leave(refused):
    """Created at and Cancelled at would fit them, and the id of an order would fit a customer."""
    text = "Name,Email,Total,Created at,Lineitem name,Id,Cancelled at\n" + "#1,a@x,20,2025-01-10,Shirt,9001,\n" * 30
    assert "customer: which of these columns is it?; found 'Email' and 'Id'" in refused(text)


def test_an_order_taken_for_a_customer_is_doubted(told):
    text = "id,date\n" + rows(30, lambda i: f"{i},2025-01-{i % 28 + 1:02}")
    assert "nobody stands twice in 'id': is it the customer, or the order?" in told(text, "transactions")


# --- customers --------------------------------------------------------------------------------------------------------

MARCH = dt.date(2026, 3, 1)


def joined(i: int) -> dt.date:
    return dt.date(2024, 1, 1) + dt.timedelta(days=11 * i)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Name,Status,Customer since,Churned on,MRR", "N{0},{1},{2},{3},12"),  # ChartMogul
        ("Record ID,Lifecycle Stage,Became a Customer Date,Churn Date", "{0},{1},{2} 09:12,{3}"),  # HubSpot
        ("id,Interval,Status,Created (UTC),Canceled At (UTC)", "sub_{0},month,active,{2} 10:02,{3}"),  # Stripe
    ],
)
def test_subscribers_as_tools_export_them(told, header: str, line: str):
    """Cells such as `month` and `active` in the first row are none of the names that are looked for further down."""
    left = ("", "2025-06-01", "")
    text = f"{header}\n" + rows(30, lambda i: line.format(i, "Active", joined(i), left[i % 3]))
    assert "30: 10 left (33.3%), 20 still there" in told(text, exported=MARCH)


def test_cases_of_salesforce(told):
    text = "Case Number,Date/Time Opened,Status\n" + rows(
        60, lambda i: f"{i:08},{i % 12 + 1}/{i % 28 + 1}/2025 3:05 PM,Closed"
    )
    shown = told(text, customers=1000)
    assert "a row a complaint: 60 complaints, counted by months" in shown
    assert "'Status'" in shown
    assert "by its name it may change the answer" not in shown  # all have the same


def test_pauses_are_doubted(told):
    text = "customer,joined,left,paused_at\n" + rows(30, lambda i: f"c{i},{joined(i)},{'2025-06-01' if i % 3 else ''},")
    assert "the column 'paused_at' is left aside, and by its name it may change the answer" in told(
        text, exported=MARCH
    )


def test_weights_by_any_name_are_doubted(told):
    text = "score,n,quota_weight\n" + rows(30, lambda i: f"{i % 11},9,1.{i % 7}")
    assert "the column 'quota_weight' is left aside, and by its name" in told(text, "nps")


@pytest.mark.parametrize(("hour", "doubted"), [("22:00:00Z", True), ("23:00:00+00:00", True), ("05:00:00Z", False),
                                               ("22:17:00Z", False), ("22:00:00+02:00", False)])  # fmt: skip
def test_midnights_of_another_zone(told, hour: str, doubted: bool):
    """A day that begins in Berlin is written as the evening before in UTC; in New York it keeps its day."""
    text = "customer,joined,left\n" + rows(
        30, lambda i: f"c{i},{joined(i)}T{hour if i % 4 else hour.replace('17', '11')},{'2025-06-01' if i % 3 else ''}"
    )
    shown = told(text, exported=MARCH)
    assert ("midnight further east" in shown) == doubted
    assert "midnight further east" not in told(text, exported=MARCH, time_zone="Europe/Berlin")


def test_a_column_of_who_is_there_is_doubted(told):
    text = "tenure,is_active\n" + rows(30, lambda i: f"{i + 1},{i % 2}")
    assert "'is_active' tells by its name who is still there" in told(text, "churn", columns={"churned": "is_active"})
    meant = told(text, "churn", columns={"churned": "is_active"}, left=[0], stayed=[1])
    assert "by its name" not in meant


def test_days_of_a_system_are_doubted(told):
    """A placeholder, a migration, tests that are closed at once, and an export that says another day than it is of."""
    line = "c{},{},{}"
    text = "customer,joined,left\n" + rows(30, lambda i: line.format(i, joined(i), "2025-06-01" if i % 3 else ""))
    assert "odd" not in told(text, exported=MARCH)
    old = text + rows(2, lambda i: line.format(90 + i, "1970-01-01", ""))
    assert "2 customers joined on 1970-01-01, the first day of all" in told(old, exported=MARCH)
    moved = text + rows(9, lambda i: line.format(90 + i, "2023-12-01", "2025-06-01"))
    assert "9 customers joined on 2023-12-01, the first day of all" in told(moved, exported=MARCH)
    tests = text + rows(9, lambda i: line.format(90 + i, joined(i), joined(i)))
    assert "9 customers left on the day they joined" in told(tests, exported=MARCH)
    assert "nobody joined or left after 2025-06-01" in told(text, exported=dt.date(2027, 1, 1))


def test_several_moneys_and_a_customer_who_is_many_are_doubted(told):
    line = "c{},2025-01-{:02},{}50\n"
    text = "customer,date,amount\n" + "".join(line.format(i % 12, i % 28 + 1, "€$"[i % 2]) for i in range(40))
    assert "amounts in $ and € are added up as they are" in told(text)
    column = "customer,date,amount,currency\n" + rows(
        40, lambda i: f"c{i % 12},2025-01-{i % 28 + 1:02},5,{'EUR' if i % 2 else 'USD'}"
    )
    assert "the column 'currency' is left aside, and by its name" in told(column)
    assert "by its name" not in told(column.replace("USD", "EUR"))
    guests = text.replace("$", "€") + "".join(line.format("guest", i % 28 + 1, "€") for i in range(20))
    assert "20 of 60 purchases are of 'cguest'" in told(guests)


# --- spreadsheets -----------------------------------------------------------------------------------------------------

SUMMED = {
    "churn": ("customer,tenure,churned\n" + rows(30, lambda i: f"c{i},{i + 1},{i % 2}"), "Total,465,15", "30: 15 left"),
    "complaints": (
        "month,complaints,customers\n" + rows(12, lambda i: f"2025-{i + 1:02},{i + 5},100"),
        "Gesamt,126,1200",
        "126 complaints",
    ),
    "nps": ("recommend,answers\n" + rows(11, lambda i: f"{i},{i + 5}"), "Total general,110", "110, mean 6"),
    "transactions": (
        "customer,date,amount\n" + rows(30, lambda i: f"c{i % 12},2025-01-{i % 28 + 1:02},50"),
        "Total,2025-01-31,1500",
        "12 with",
    ),
    "satisfaction": ("customer,overall\n" + rows(30, lambda i: f"c{i},{i % 10 + 1}"), "Average,5.5", "30, mean 5.5"),
    "retention": ("time,survivors\n0,100\n1,80\n2,70\n", "Total,250", "70.0% are still there"),
    "people": ("customer,spend,tenure\n" + rows(30, lambda i: f"c{i},{i + 1},{i}"), "Grand Total,465,435", "30 people"),
}


@pytest.mark.parametrize("kind", SUMMED)
def test_a_row_of_sums_at_the_foot_is_none_of_the_table(told, kind: str):
    """It was a customer with a purchase of everything, an answer, or a person; or each table was refused for it."""
    text, last, said = SUMMED[kind]
    shown = told(f"{text}{last}\n", kind)
    assert f"1 row of sums ({last.split(',')[0]!r})" in shown
    assert said in shown


def test_a_row_of_sums_without_a_word_is_refused_with_what_to_write(refused):
    text = "month,complaints,customers\n" + rows(12, lambda i: f"2025-{i + 1:02},{i + 5},100")
    assert "month: empty" in refused(f"{text},126,1200\n", "complaints")
    assert "missing: ['']" in refused(f"{text},126,1200\n", "complaints")


def test_shares_and_per_cent_in_one_column(told, refused):
    text = "month,rate,customers\n" + rows(12, lambda i: f"{i + 1},{'4.5' if i % 2 else '0.045'},1000")
    assert "rates in per cent? Then scale: percent" in refused(text)
    assert "'rate' holds 0.045 beside 4.5" in told(text, scale="percent")
    signed = told(text.replace("4.5,", "4.5%,"))  # the sign tells
    assert "540 left in all" in signed
    some = text.replace("0.045", "4.5%")  # with or without it
    assert "rates in per cent? Then scale: percent" in refused(some)
    assert "540 left in all" in told(some, scale="percent")
    assert "holds" not in told("time,share,customers\n0,100,500\n1,40,500\n2,3,500\n3,0.8,500\n", scale="percent")


def test_a_column_without_a_name_is_left_aside(told):
    shown = told("id,overall,\n" + rows(30, lambda i: f"{i},{i % 10 + 1},note"))
    assert "left aside  columns without a name" in shown


def test_a_history_of_states_tells_who_joined_and_left(told, refused):
    """Of twelve six cancel for good, one of them after a return; it was taken for a log of purchases."""
    text = "customer_id,date,status\n" + rows(
        12, lambda i: f"C{i},2025-01-{i + 1:02},active" + (f"\nC{i},2025-07-{i + 1:02},cancelled" if i % 2 else "")
    )
    back = text + "C1,2025-08-02,Active\nC1,2025-09-02,cancelled\nC1,2025-10-02,cancelled\n"
    shown = told(back, exported=MARCH)
    assert "read as churn" in shown
    assert "21 states of 12 customers by 'status'" in shown
    assert "12: 6 left (50.0%), 6 still there" in shown
    assert "'date' from 2025-07-04 to 2025-09-02" in shown  # the first of the states that stay
    assert "1 customer left and came back" in shown
    assert "exported: 2025-09-02" in refused(back)
    assert "status: neither yes nor no; found 'paused'" in refused(text + "C0,2025-08-01,paused\n", exported=MARCH)
    held = told(text + "C0,2025-08-01,paused\n", exported=MARCH, left=["cancelled"], stayed=["active", "paused"])
    assert "12: 6 left" in held
    head, *states = text.splitlines()
    parted = "\n".join(
        [f"{head},plan", *(f"{line},{'gold' if line.endswith('active') else 'basic'}" for line in states)]
    )
    shown = told(parted, exported=MARCH, columns={"segment": "plan"})  # of the first state
    assert "'gold' 12 (50.0% left)" in shown


def test_a_look_at_all_customers_every_month(told):
    """Twenty customers in six months: the first month tells nothing of who was there before; three vanish."""
    looks = [(who, month) for who in range(20) for month in range(1, 7) if not (who < 3 and month > 4)]
    text = "customer_id,month,status\n" + "".join(
        f"C{who},2025-{month:02},{'churned' if who > 9 and month > who - 9 else 'active'}\n" for who, month in looks
    )
    shown = told(text, exported=dt.date(2025, 6, 1))
    assert "20: 5 left" in shown
    assert "20 customers begin on the first day of the table" in shown
    assert "3 customers have no row on the last day and none of leaving" in shown


@pytest.mark.parametrize(
    ("header", "kind"),
    [("customer,date,amount,status", "transactions"), ("Ticket ID,Created at,Customer ID,Status", "complaints")],
)
def test_states_of_orders_and_of_tickets_are_no_customers(tmp_path: Path, header: str, kind: str):
    file = tmp_path / "data.csv"
    file.write_text(
        f"{header}\n" + rows(40, lambda i: f"{i % 12},2025-01-{i % 28 + 1:02},5,{'open' if i % 3 else 'closed'}")
    )
    assert guessed_kind(file, TableSettings()) == kind


def test_the_newest_first(told):
    text = "month,complaints,customers\n" + rows(12, lambda i: f"2025-{12 - i:02},{i + 3},1000")
    assert "turned round: the newest stands first" in told(text)
    assert "102 complaints of 1,000 customers" in told(text)
