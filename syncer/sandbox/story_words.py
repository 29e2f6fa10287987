"""The everyday problems of an imaginary web shop, from which the story makes its incidents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What goes wrong in one component: in a line, where, what was done, and what came out."""

    component: str
    summary: str
    place: str
    steps: tuple[str, ...]
    expected: str
    actual: str


def _of(component: str, *rows: tuple[str, str, str, str, str]) -> tuple[Problem, ...]:
    return tuple(
        Problem(component, summary, place, tuple(steps.split(" / ")), expected, actual)
        for summary, place, steps, expected, actual in rows
    )


PROBLEMS = (
    *_of(
        "Reports",
        (
            "Monthly sales report counts returned orders",
            "Reports > Sales",
            "Return one order of the month / Open the sales report / Compare the total with the ledger",
            "Returned orders are left out of the total",
            "The total is too high by the returned order",
        ),
        (
            "Report title is cut off when printed",
            "Reports > Print preview",
            "Give a report a title of two lines / Print it on A4",
            "Both lines are on the first page",
            "The second line is missing",
        ),
        (
            "Chart colours change with every refresh",
            "Reports > Dashboard",
            "Open the dashboard / Press refresh twice",
            "Each product group keeps its colour",
            "The colours are dealt out anew",
        ),
        (
            "Scheduled report is sent twice on the first day of the month",
            "Reports > Schedules",
            "Schedule a report for the 1st / Wait for the night run",
            "One mail arrives",
            "Two mails with the same content arrive within a minute",
        ),
        (
            "Filter by warehouse is forgotten on the second page",
            "Reports > Stock",
            "Filter by one warehouse / Go to page 2",
            "Page 2 shows that warehouse only",
            "Page 2 shows all warehouses",
        ),
        (
            "Percentages of a report add up to 101",
            "Reports > Shares",
            "Open the report on payment types / Add up the column",
            "The column adds up to 100",
            "It adds up to 101, each row is rounded up",
        ),
    ),
    *_of(
        "Checkout",
        (
            "Voucher is accepted after its last day",
            "Checkout > Payment",
            "Take a voucher that ended yesterday / Enter it at the till",
            "The voucher is refused with its end date",
            "The discount is given",
        ),
        (
            "Delivery costs are missing for islands",
            "Checkout > Delivery",
            "Choose an address on an island / Go on to payment",
            "The surcharge is shown before payment",
            "The surcharge only appears on the invoice",
        ),
        (
            "Double click on Pay orders twice",
            "Checkout > Payment",
            "Fill the basket / Click Pay twice, quickly",
            "One order is made",
            "Two orders with consecutive numbers are made",
        ),
        (
            "Basket is empty after logging in",
            "Checkout > Basket",
            "Put three articles in the basket / Log in",
            "The three articles are still there",
            "The basket is empty",
        ),
        (
            "Tax is worked out from the rounded price",
            "Checkout > Overview",
            "Order 7 pieces at 0.99 / Look at the tax",
            "Tax is rounded once, at the end",
            "It is rounded per piece and one cent off",
        ),
        (
            "Invoice address keeps the old postcode",
            "Checkout > Address",
            "Change the postcode / Go back and forth once",
            "The new postcode stays",
            "The old one is back",
        ),
    ),
    *_of(
        "Search",
        (
            "Search for an article number ignores leading zeros",
            "Search > Articles",
            "Search for 004711 / Search for 4711",
            "Only the article 004711 is found first",
            "Both searches find the same list",
        ),
        (
            "Sorting by price puts 100 before 20",
            "Search > Results",
            "Search for lamps / Sort by price",
            "20 comes before 100",
            "Prices are sorted like texts",
        ),
        (
            "Search box loses the term when going back",
            "Search > Results",
            "Search for anything / Open a result / Go back",
            "The term is still in the box",
            "The box is empty, the results are still there",
        ),
        (
            "Suggestions cover the search button on phones",
            "Search > Phone layout",
            "Open the shop on a phone / Type three letters",
            "The button can be reached",
            "The suggestions lie on top of it",
        ),
        (
            "Deleted articles are found for another day",
            "Search > Index",
            "Delete an article / Search for it",
            "It is gone within minutes",
            "It is listed until the next morning and ends in an error page",
        ),
        (
            "Plural forms find nothing",
            "Search > Articles",
            "Search for mice",
            "Articles named mouse are found",
            "Nothing is found",
        ),
    ),
    *_of(
        "User accounts",
        (
            "Password reset link works twice",
            "Account > Password",
            "Ask for a new password / Use the link / Use it again",
            "The second use is refused",
            "The password can be set once more",
        ),
        (
            "Name with an apostrophe is refused",
            "Account > Profile",
            "Change the surname to O'Hara / Save",
            "The name is stored",
            "A message asks for letters only",
        ),
        (
            "Session ends while a form is being filled in",
            "Account > Session",
            "Open a long form / Write for half an hour / Save",
            "The form is saved after logging in again",
            "Everything written is lost",
        ),
        (
            "Locked account can still change its mail address",
            "Account > Mail",
            "Lock an account / Use the link of an older mail",
            "The link is refused",
            "The address is changed",
        ),
        (
            "Profile picture is turned by 90 degrees",
            "Account > Profile",
            "Upload a picture taken upright with a phone",
            "It stands upright",
            "It lies on its side",
        ),
        (
            "Last log-in is shown in the server's time zone",
            "Account > Security",
            "Set the zone of the account to Auckland / Look at the last log-in",
            "The time is that of Auckland",
            "It is twelve hours off",
        ),
    ),
    *_of(
        "Import/Export",
        (
            "Import stops at the first empty line",
            "Import > Articles",
            "Put an empty line into the middle of a file / Import it",
            "The empty line is skipped",
            "Everything below it is left out without a word",
        ),
        (
            "Export opens with broken letters in spreadsheets",
            "Export > Customers",
            "Export customers with accents / Open the file",
            "Names are readable",
            "Accented letters come as two odd signs",
        ),
        (
            "Progress bar of an import jumps back",
            "Import > Progress",
            "Import 10,000 articles / Watch the bar",
            "The bar only moves forward",
            "It jumps from 60 to 12 per cent",
        ),
        (
            "Decimal comma is read as a thousands sign",
            "Import > Prices",
            "Import a price of 12,50",
            "The price is 12.50",
            "The price is 1250",
        ),
        (
            "Export leaves out the last article",
            "Export > Articles",
            "Export exactly 500 articles / Count the rows",
            "There are 500 rows",
            "There are 499 rows",
        ),
        (
            "Cancelled import leaves half of the articles behind",
            "Import > Articles",
            "Start an import / Cancel it half-way",
            "Nothing of it remains",
            "The first half stays without prices",
        ),
    ),
)
