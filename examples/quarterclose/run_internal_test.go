package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/salesops-go/salesops/examples/internal/page"
)

const header = "Opportunity ID,Opportunity Name,Opportunity Owner,Stage,Close Date,Amount,Amount Currency\n"

// export is a small Salesforce export, all of it good.
const export = header +
	"O-1,One,Ada Moyo,Closed Won,2026-01-15,60000,EUR\n" +
	"O-2,Two,Ada Moyo,Closed Won,2026-03-31,40000,EUR\n" +
	"O-3,Three,Bo Larsen,Closed Won,2026-02-02,1234.56,EUR\n" +
	"O-4,Four,Bo Larsen,Closed Lost,2026-03-02,99,EUR\n" +
	"O-5,Five,Bo Larsen,Closed Won,2026-04-02,500,EUR\n"

// The exports of all systems are read, and paid by the default plan in their own
// currency.
func TestExports(t *testing.T) {
	dir := filepath.Join("..", "internal", "crm", "testdata")
	for _, c := range []struct{ file, quarter, bookings, payable string }{
		{"salesforce-report.csv", "FY2026-Q1", "1,234.50  USD", "74.07"},
		{"salesforce-api.csv", "", "120,000.00  GBP", "8,550.00"},
		{"hubspot.csv", "", "48,000.00  USD", "2,880.00"},
		{"pipedrive.csv", "", "1,234.50  EUR", "74.07"},
		{"pipedrive-bare.csv", "", "700.00  GBP", "42.00"},
	} {
		args := []string{"-opportunities", filepath.Join(dir, c.file)}
		if c.quarter != "" {
			args = append(args, "-quarter", c.quarter)
		}
		report := closed(t, args...)
		wantText(t, report, "Bookings", c.bookings, c.payable, c.file)
	}
}

func TestDefaultPlan(t *testing.T) {
	report := closed(t, "-opportunities", write(t, "export.csv", export))
	wantText(
		t, report, "QUARTER CLOSE FY2026-Q1", "101,234.56  EUR", "rows read 5 = rows used 5 + rows skipped 0",
		"5 opportunities: 3 won in FY2026-Q1, 1 won later, 1 lost.",
		"the data ends on 2026-04-02: FY2026-Q2 is not complete",
	)
	rows, _ := printed(t, report, "What everybody sold")
	// Ada: 75,000 at 6 % and 25,000 at 9 %; Bo: 1,234.56 at 6 % is 74.0736.
	want := []cells{
		{"Person": "Ada Moyo", "Deals": "2", "Credits": "100,000.00", "Payable now": "6,750.00", "Rate": "6.8%"},
		{"Person": "Bo Larsen", "Deals": "1", "Credits": "1,234.56", "Payable now": "74.07", "Rate": "6.0%"},
		{"Person": "Total of reps", "Deals": "3", "Credits": "101,234.56", "Payable now": "6,824.07", "Rate": "6.7%"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("without quotas (-want +got):\n%s", diff)
	}
	quotas := write(t, "quotas.csv", "rep,period,measure,amount\nAda Moyo,FY2026-Q1,,80000\nBo Larsen,FY2026-Q1,bookings,\"2,000\"\n")
	report = closed(t, "-opportunities", write(t, "export.csv", export), "-quotas", quotas)
	wantText(t, report, "rows read 7 = rows used 7 + rows skipped 0")
	rows, _ = printed(t, report, "What everybody sold")
	// Ada: 80,000 at 8 % and 20,000 at 12 %; Bo: 1,234.56 at 8 % is 98.7648.
	want = []cells{
		{"Person": "Ada Moyo", "Deals": "2", "Credits": "100,000.00", "Quota": "80,000", "Attained": "125.0%", "Payable now": "8,800.00", "Rate": "8.8%"},
		{"Person": "Bo Larsen", "Deals": "1", "Credits": "1,234.56", "Quota": "2,000", "Attained": "61.7%", "Payable now": "98.76", "Rate": "8.0%"},
		{"Person": "Total of reps", "Deals": "3", "Credits": "101,234.56", "Quota": "82,000", "Attained": "123.5%", "Payable now": "8,898.76", "Rate": "8.8%"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("with quotas (-want +got):\n%s", diff)
	}
}

// The same rows delimited by semicolons, with a byte order mark and CRLF, give
// the same report.
func TestSemicolonsAndByteOrderMark(t *testing.T) {
	other := "\ufeff" + strings.NewReplacer(",", ";", "\n", "\r\n").Replace(export)
	want := closed(t, "-opportunities", write(t, "export.csv", export))
	if got := closed(t, "-opportunities", write(t, "export.csv", other)); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

const bad = export +
	"O-6,Six,Bo Larsen,Closed Won,2026-13-01,1,EUR\n" + // line 7: no such day
	"O-7,Seven,Bo Larsen,Closed Won,2026-01-02,many,EUR\n" + // line 8: no amount
	"O-8,Eight,Bo Larsen,Closed Won,2026-01-03,70,USD\n" // line 9: another currency

func TestBadRows(t *testing.T) {
	path := write(t, "export.csv", bad)
	quotas := write(t, "quotas.csv", "rep,period,amount\nAda Moyo,FY2026-Q1,80000\nBo Larsen,spring,1\nBo Larsen,FY2026-Q1,2000\n")
	message := refused(t, 1, "-opportunities", path, "-quotas", quotas)
	wantText(
		t, message, "4 of 11 rows are bad", `export.csv:7: Close Date "2026-13-01"`, `export.csv:8: Amount "many"`,
		`export.csv:9: currency "USD"`, `quotas.csv:3: period "spring"`, "-skip-bad",
	)
	report := closed(t, "-opportunities", path, "-quotas", quotas, "-skip-bad")
	wantText(
		t, report, "rows read 11 = rows used 7 + rows skipped 4", `skipped: export.csv:7: Close Date "2026-13-01"`,
		`skipped: quotas.csv:3: period "spring"`, "101,234.56  EUR",
	)
}

// A folder's splits and events stand or fall with their opportunity, and nobody
// is credited before being hired.
func TestBadRowsOfFolders(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"opportunities.csv": header + "O-1,One,Ada,Closed Won,2026-01-15,100,EUR\nO-2,Two,Bo,Closed Won,2026-02-01,100,EUR\nO-3,Three,Ada,Closed Won,2026-03-01,100,EUR\n",
		"reps.csv":          "name,manager,start\nAda,Cai,2020-01-01\nBo,Cai,2026-02-10\n",
		"splits.csv":        "opportunity,rep,share\nO-1,Ada,0.5\nO-1,Bo,0.5\nO-2,Ada,1\n",
		"events.csv":        "id,opportunity,kind,date,amount\nE-1,O-2,refund,2026-02-02,10\nE-2,O-3,refund,2026-03-02,10\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	message := refused(t, 1, "-opportunities", dir)
	wantText(
		t, message, "5 of 10 rows are bad", `opportunities.csv:3: owner "Bo"`, `splits.csv:2: opportunity "O-1"`, `splits.csv:3: rep "Bo"`,
		`splits.csv:4: opportunity "O-2"`, `events.csv:2: opportunity "O-2"`,
	)
	report := closed(t, "-opportunities", dir, "-skip-bad", "-quarter", "FY2026-Q1")
	// 200 less the refund of 10, at 6 %.
	wantText(t, report, "rows read 10 = rows used 5 + rows skipped 5", "200.00  EUR", "Commission earned                 11.40")
}

func TestRefuses(t *testing.T) {
	path := write(t, "export.csv", export)
	plan := write(t, "plan.json", `{"id": "p", "curency": "EUR"}`)
	early := write(t, "early.json", strings.NewReplacer("2026-01-01", "2020-01-01", "2027-01-01", "2021-01-01", "USD", "EUR").Replace(defaultPlan(t)))
	dollars := write(t, "dollars.json", defaultPlan(t))
	for _, c := range []struct {
		status int
		args   []string
		want   []string
	}{
		{1, []string{"-quarter", "FY2031-Q1"}, []string{"no deal was won then", "FY2025-Q1 to FY2026-Q4"}},
		{1, []string{"-quarter", "spring"}, []string{"not a quarter: name it like FY2026-Q4"}},
		{1, []string{"-quarter", "FY2026"}, []string{"not a quarter"}},
		{1, []string{"-rep", "Vikto Hradek"}, []string{"nobody of that name; the nearest are Viktor Hradec"}},
		{1, []string{"-rep", "an"}, []string{"15 people have that in their names: Olivia Brandt-Castillo", "and 5 more"}},
		{1, []string{"-opportunities", "nosuch.csv"}, []string{"nosuch.csv"}},
		{1, []string{"-opportunities", t.TempDir()}, []string{"no opportunity export in the folder"}},
		{1, []string{"-opportunities", write(t, "x.csv", "a,b\n1,2\n")}, []string{"x.csv"}},
		{1, []string{"-opportunities", write(t, "lost.csv", header+"O-1,One,Ada,Closed Lost,2026-01-15,1,EUR\n")}, []string{"nothing to close"}},
		{1, []string{"-opportunities", path, "-plan", plan}, []string{"plan.json", "/curency"}},
		{1, []string{"-opportunities", path, "-plan", "nosuch.json"}, []string{"nosuch.json"}},
		{1, []string{"-opportunities", path, "-plan", early}, []string{"no plan applies", "2020-01-01 to 2020-12-31"}},
		{1, []string{"-opportunities", path, "-plan", dollars}, []string{"4 of 5 rows are bad", `currency "EUR"`}},
		{1, []string{"-opportunities", path, "-quotas", path}, []string{"export.csv"}},
		{1, []string{"-opportunities", path, "-quotas", write(t, "q.csv", "rep,period,amount\nAda Moyo,FY2026-Q1,5\n")}, []string{"Bo Larsen", "everybody with deals needs one"}},
		{2, []string{"-nosuch"}, []string{"flag provided but not defined"}},
		{2, []string{"file.csv"}, []string{`unexpected argument "file.csv"`}},
		{0, []string{"-help"}, []string{"usage: quarterclose", "-skip-bad"}},
	} {
		wantText(t, refused(t, c.status, c.args...), c.want...)
	}
}

func defaultPlan(t *testing.T) string {
	t.Helper()
	data, err := plans.ReadFile("plans/default.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A plan that pays monthly pays the same in a quarter as one that pays at its end.
func TestMonthlyPay(t *testing.T) {
	path := filepath.Join("..", "internal", "sample", "opportunities.csv")
	monthly := strings.Replace(defaultPlan(t), `"every": "quarter"`, `"every": "month"`, 1)
	byMonth := closed(t, "-opportunities", path, "-quarter", "FY2026-Q3", "-plan", write(t, "plan.json", monthly))
	byQuarter := closed(t, "-opportunities", path, "-quarter", "FY2026-Q3")
	got, _ := printed(t, byMonth, "What everybody sold")
	want, _ := printed(t, byQuarter, "What everybody sold")
	if len(got) != len(want) || len(want) < 28 {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i]["Payable now"] != want[i]["Payable now"] {
			t.Errorf("%s: %s by month, %s by quarter", want[i]["Person"], got[i]["Payable now"], want[i]["Payable now"])
		}
	}
}

func TestRepByPart(t *testing.T) {
	for _, name := range []string{"Fatoumata Keïta", "fatoumata keita", "KEITA", "keïta"} {
		wantText(t, closed(t, "-rep", name), "STATEMENT OF FATOUMATA KEÏTA, LINE BY LINE")
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{page.Group("1234567.8"), "1,234,567.8"},
		{page.Group("-123456"), "-123,456"},
		{page.Group("-1234"), "-1,234"},
		{page.Group("12"), "12"},
		{page.Number(0), "-"},
		{plain("  Ítalo  KEÏTA "), "italo keita"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if d := distance("kitten", "sitting"); d != 3 {
		t.Errorf("distance %d, want 3", d)
	}
}
