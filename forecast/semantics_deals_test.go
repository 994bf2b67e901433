package forecast_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
	"github.com/salesops-go/salesops/internal/testenv"
)

// dealOf makes a deal from "id status amount close", and more words: a category (with _ for the space), a stage, a
// currency, an owner, each after its letter, as in "d1 open 100 2026-02-01 c:best_case s:Demo u:EUR o:ana". A "-" is an
// empty word.
func dealOf(text string) forecast.Deal {
	var out forecast.Deal
	for i, w := range strings.Fields(text) {
		w = strings.ReplaceAll(w, "_", " ")
		switch {
		case w == "-":
		case i == 0:
			out.ID = w
		case i == 1:
			out.Status = forecast.Status(w)
		case i == 2:
			out.Amount = d(w)
		case i == 3:
			out.Close = on(w)
		case strings.HasPrefix(w, "c:"):
			out.Category = forecast.Category(w[2:])
		case strings.HasPrefix(w, "s:"):
			out.Stage = w[2:]
		case strings.HasPrefix(w, "u:"):
			out.Currency = w[2:]
		case strings.HasPrefix(w, "o:"):
			out.Owner = w[2:]
		}
	}
	return out
}

func dealsOf(texts ...string) []forecast.Deal {
	out := make([]forecast.Deal, len(texts))
	for i, text := range texts {
		out[i] = dealOf(text)
	}
	return out
}

func dealSummary(t rapid.TB, deals []forecast.Deal, q forecast.Query) forecast.Summary {
	t.Helper()
	s, err := forecast.Summarize(deals, q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func dealCompare(t rapid.TB, from, to []forecast.Deal, p salesops.Period) forecast.Bridge {
	t.Helper()
	b, err := forecast.Compare(
		forecast.Snapshot{AsOf: on("2026-01-05"), Deals: from}, forecast.Snapshot{AsOf: on("2026-01-12"), Deals: to}, p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func dealRollUp(t rapid.TB, nodes []forecast.Node, overrides []forecast.Override) []forecast.Line {
	t.Helper()
	lines, err := forecast.RollUp(nodes, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// dealFaults returns the faults of an error of this package, each as its line; it fails on any other error.
func dealFaults(t rapid.TB, err error, kinds ...error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	list := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		list = joined.Unwrap()
	}
	var out []string
	for _, err := range list {
		var fault *forecast.Error
		if !errors.As(err, &fault) {
			t.Fatalf("%T is not an *Error: %v", err, err)
		}
		known := false
		for _, kind := range kinds {
			known = known || errors.Is(fault.Err, kind)
		}
		if !known {
			t.Errorf("%v is of the kind %v, want one of %v", err, fault.Err, kinds)
		}
		out = append(out, err.Error())
	}
	return out
}

// dealWant compares errors with texts that they must hold, one each, in order.
func dealWant(t rapid.TB, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d faults, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		for part := range strings.SplitSeq(want[i], " ... ") {
			if !strings.Contains(got[i], part) {
				t.Errorf("fault %d is\n%s, and lacks\n%s", i, got[i], part)
			}
		}
	}
}

// Salesforce Help, "Rollup Methods for Pipeline Forecasts": with 50 Closed, 100 Commit, 150 Best Case and 200 Pipeline in
// single categories, cumulative roll-ups have 50 Closed Only, 150 Commit Forecast, 300 Best Case Forecast, and 450 Open
// Pipeline, which is Pipeline, Best Case and Commit without Closed.
func TestE50_dealColumns(t *testing.T) {
	s := dealSummary(t, dealsOf(
		"a won 50", "b open 100 - c:commit", "c open 150 - c:best_case", "d open 200 - c:pipeline", "e open 7000 - c:omitted", "f lost 90000",
	), forecast.Query{})
	cell := func(deals int, amount string) forecast.Cell { return forecast.Cell{Deals: deals, Amount: d(amount)} }
	want := forecast.Columns{
		OpenPipeline: cell(3, "450"), BestCase: cell(3, "300"), MostLikely: cell(2, "150"), Commit: cell(2, "150"), Closed: cell(1, "50"),
	}
	if diff := cmp.Diff(want, s.Cumulative()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Weflow Help, "Understanding Waterfall": 1,257,559 at the start, 1,501,878 new, 180,171 increased, 149,382 moved in, none
// moved out, 271,125 lost, 556,292 decreased, 287,487 won: 1,974,086 at the end.
func TestE51_dealWaterfall(t *testing.T) {
	from := dealsOf("up open 100000 2026-02-01", "down open 598947 2026-02-01", "lost open 271125 2026-02-01", "won open 287487 2026-02-01", "in open 149382 2026-05-01")
	to := dealsOf("new open 1501878 2026-02-01", "up open 280171 2026-02-01", "down open 42655 2026-02-01", "lost lost 271125 2026-01-10",
		"won won 287487 2026-01-10", "in open 149382 2026-02-01")
	b := dealCompare(t, from, to, period("2026-01-01", "2026-04-01"))
	for _, x := range []struct {
		name string
		got  forecast.Part
		want string
	}{
		{"start", b.Opening, "1257559"},
		{"new", b.New, "1501878"},
		{"increase", b.Increased, "180171"},
		{"moved in", b.PulledIn, "149382"},
		{"moved out", b.PushedOut, "0"},
		{"lost", b.Lost, "271125"},
		{"decrease", b.Decreased, "556292"},
		{"won", b.Won, "287487"},
		{"end", b.Closing, "1974086"},
	} {
		if !x.got.Amount.Equal(d(x.want)) {
			t.Errorf("%s: %s, want %s", x.name, x.got.Amount.StringFixed(2), x.want)
		}
	}
}

// The totals of Maven Analytics' "CRM Sales Opportunities" by stage, owner and quarter are those of the raw file, which is
// read and added up here without decimals or dates: 4,238 deals were won for 10,005,534.
func TestE52_dealMaven(t *testing.T) {
	dir := testenv.Data(t, "crm/maven")
	read := func(name string) [][]string {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	price := map[string]string{}
	for _, row := range read("products.csv") {
		price[strings.ReplaceAll(row[0], " ", "")] = row[2]
	}
	type count struct{ deals, amount int }
	stages, owners, quarters := map[string]count{}, map[string]count{}, map[string]count{}
	add := func(m map[string]count, key string, amount int) {
		m[key] = count{m[key].deals + 1, m[key].amount + amount}
	}
	var deals []forecast.Deal
	for _, row := range read("sales_pipeline.csv") {
		text := row[7]
		deal := forecast.Deal{ID: row[0], Owner: row[1], Stage: row[4]}
		switch deal.Stage {
		case "Won":
			deal.Status = forecast.Won
		case "Lost":
			deal.Status = forecast.Lost
		default: // open deals have no value yet: the list price stands in
			text = price[strings.ReplaceAll(row[2], " ", "")]
		}
		amount, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		deal.Amount = d(text)
		add(stages, deal.Stage, amount)
		add(owners, deal.Owner, amount)
		if row[6] != "" {
			deal.Close = on(row[6])
			month, _ := strconv.Atoi(row[6][5:7])
			add(quarters, fmt.Sprintf("FY%s-Q%d", row[6][:4], (month+2)/3), amount)
		}
		deals = append(deals, deal)
	}
	if want := (count{4238, 10005534}); stages["Won"] != want {
		t.Fatalf("won are %v, want %v", stages["Won"], want)
	}
	all := func(s forecast.Summary) (n count) {
		for _, c := range []forecast.Cell{s.Omitted, s.Pipeline, s.BestCase, s.MostLikely, s.Commit, s.Closed, s.Lost} {
			n.deals += c.Deals
			n.amount += int(c.Amount.CoefficientInt64()) // whole numbers, which a result writes out
		}
		return n
	}
	for _, x := range []struct {
		name  string
		query forecast.Query
		key   func(forecast.Deal) string
		want  map[string]count
	}{
		{"stage", forecast.Query{}, func(d forecast.Deal) string { return d.Stage }, stages},
		{"owner", forecast.Query{}, func(d forecast.Deal) string { return d.Owner }, owners},
		{
			"quarter",
			forecast.Query{},
			func(d forecast.Deal) string {
				if d.Close.IsZero() {
					return ""
				}
				return salesops.Calendar{}.Name(salesops.Quarter, d.Close)
			},
			quarters,
		},
	} {
		groups, err := forecast.SummarizeBy(deals, x.query, x.key)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]count{}
		for _, g := range groups {
			if g.Key != "" {
				got[g.Key] = all(g.Summary)
			}
		}
		if diff := cmp.Diff(x.want, got, cmp.AllowUnexported(count{})); diff != "" {
			t.Errorf("by %s (-want +got)\n%s", x.name, diff)
		}
	}
	// The weighted pipeline at 1/4 and 3/4, in integers again.
	s := dealSummary(t, deals, forecast.Query{Weight: forecast.ByStage(map[string]decimal.Decimal{"Prospecting": d("0.25"), "Engaging": d("0.75")})})
	want := decimal.New(int64(25*stages["Prospecting"].amount+75*stages["Engaging"].amount+100*stages["Won"].amount), -2)
	if got, ok := s.Expected(); !ok || !got.Equal(want) {
		t.Errorf("expected are %s, %t, want %s", got.StringFixed(2), ok, want.StringFixed(2))
	}
}

// Each deal is in one cell: by its status, and by its category only while it is open.
func TestS50_dealInOneColumn(t *testing.T) {
	one := func(set func(*forecast.Summary) *forecast.Cell) forecast.Summary {
		var s forecast.Summary
		*set(&s) = forecast.Cell{Deals: 1, Amount: d("10")}
		return s
	}
	for _, x := range []struct {
		name string
		deal string
		want forecast.Summary
	}{
		{"no status, no category", "a - 10", one(func(s *forecast.Summary) *forecast.Cell { return &s.Pipeline })},
		{"open", "a open 10", one(func(s *forecast.Summary) *forecast.Cell { return &s.Pipeline })},
		{"pipeline", "a open 10 - c:pipeline", one(func(s *forecast.Summary) *forecast.Cell { return &s.Pipeline })},
		{"best case", "a - 10 - c:best_case", one(func(s *forecast.Summary) *forecast.Cell { return &s.BestCase })},
		{"most likely", "a open 10 - c:most_likely", one(func(s *forecast.Summary) *forecast.Cell { return &s.MostLikely })},
		{"commit", "a open 10 - c:commit", one(func(s *forecast.Summary) *forecast.Cell { return &s.Commit })},
		{"omitted", "a open 10 - c:omitted", one(func(s *forecast.Summary) *forecast.Cell { return &s.Omitted })},
		{"won, and its category is stale", "a won 10 - c:omitted", one(func(s *forecast.Summary) *forecast.Cell { return &s.Closed })},
		{"lost, and its category is unknown", "a lost 10 - c:whatever", one(func(s *forecast.Summary) *forecast.Cell { return &s.Lost })},
	} {
		t.Run(x.name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, dealSummary(t, dealsOf(x.deal), forecast.Query{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A period is half-open, and holds Close, whatever day that is for; the zero Period holds deals without a day.
func TestS51_dealsOfAPeriod(t *testing.T) {
	deals := dealsOf("a open 1 2026-03-31", "b open 10 2026-04-01", "c won 100 2026-06-30", "d won 1000 2026-07-01", "e lost 10000 2026-05-01")
	for _, x := range []struct {
		name   string
		period salesops.Period
		want   string // open, closed, lost
	}{
		{"the second quarter", period("2026-04-01", "2026-07-01"), "10 100 10000"},
		{"until then", salesops.Period{End: on("2026-04-01")}, "1 0 0"},
		{"from then on", salesops.Period{Start: on("2026-07-01")}, "0 1000 0"},
		{"a day", period("2026-04-01", "2026-04-02"), "10 0 0"},
		{"no day", period("2026-04-01", "2026-04-01"), "0 0 0"},
		{"all time", salesops.Period{}, "11 1100 10000"},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := dealSummary(t, deals, forecast.Query{Period: x.period})
			got := s.Open().Amount.StringFixed(0) + " " + s.Closed.Amount.StringFixed(0) + " " + s.Lost.Amount.StringFixed(0)
			if got != x.want {
				t.Errorf("got %s, want %s", got, x.want)
			}
		})
	}
	undated := append(dealsOf("x - 5"), deals...)
	if s := dealSummary(t, undated, forecast.Query{}); s.Open().Deals != 3 {
		t.Errorf("%d open deals of all time, want 3", s.Open().Deals)
	}
	// What is outside the period is not read: not the currency, the status, the amount.
	odd := forecast.Deal{Close: on("2030-01-01"), Status: "gone", Currency: "XXX", Amount: decimal.New(1, 1_000_000_000)}
	dealSummary(t, append(deals, odd), forecast.Query{Period: period("2026-04-01", "2026-07-01")})
}

// Weights are of open deals alone: won ones weigh 1, lost and omitted ones 0, by construction.
func TestS52_dealWeights(t *testing.T) {
	deals := dealsOf("a open 100.10 - s:Demo", "b open 1000 - s:Legal c:commit", "c won 10000 - s:Gone", "d lost 100000 - s:Gone", "e open 1000000 - s:Gone c:omitted")
	stages := map[string]decimal.Decimal{"Demo": d("0.25"), "Legal": d("0.9")}
	categories := map[forecast.Category]decimal.Decimal{"": d("0.1"), forecast.Commit: d("1.0"), forecast.BestCase: d("0.5")}
	for _, x := range []struct {
		name           string
		weight         forecast.Weight
		want           string // of the columns
		expected, each string
	}{
		{"by stage", forecast.ByStage(stages), "0 25.025 900 10000 0", "10925.025", "0.25 0.9 1 0 0"},
		{"by category", forecast.ByCategory(categories), "0 10.01 1000 10000 0", "11010.01", "0.1 1 1 0 0"},
		{"by deal", forecast.ByDeal(func(d forecast.Deal) (decimal.Decimal, bool) {
			if d.ID == "a" {
				return decimal.New(1, -3), true
			}
			return decimal.New(0, 5), true
		}), "0 0.1001 0 10000 0", "10000.1001", "0.001 0 1 0 0"},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := dealSummary(t, deals, forecast.Query{Weight: x.weight})
			for i, c := range []forecast.Cell{s.Omitted, s.Pipeline, s.Commit, s.Closed, s.Lost} {
				if want := strings.Fields(x.want)[i]; !c.Weighted.Equal(d(want)) {
					t.Errorf("column %d weighs %s, want %s", i, c.Weighted.StringFixed(6), want)
				}
			}
			if got, ok := s.Expected(); !ok || !got.Equal(d(x.expected)) {
				t.Errorf("expected are %s, %t, want %s", got.StringFixed(6), ok, x.expected)
			}
			for i, want := range strings.Fields(x.each) {
				if got, err := x.weight.Of(deals[i]); err != nil || !got.Equal(d(want)) {
					t.Errorf("the weight of %s is %s, %v, want %s", deals[i].ID, got.StringFixed(6), err, want)
				}
			}
		})
	}
	for name, weight := range map[string]forecast.Weight{"none": {}, "nil function": forecast.ByDeal(nil)} {
		s := dealSummary(t, deals, forecast.Query{Weight: weight})
		if got, ok := s.Expected(); ok || !got.IsZero() || s.HasWeights || !s.Closed.Weighted.IsZero() {
			t.Errorf("%s: expected are %s, %t, want none", name, got.StringFixed(2), ok)
		}
	}
	// The table is copied.
	w := forecast.ByStage(stages)
	stages["Demo"] = d("0.5")
	if got, err := w.Of(deals[0]); err != nil || !got.Equal(d("0.25")) {
		t.Errorf("the weight is %s, %v, want 0.25", got.StringFixed(6), err)
	}
}

func TestSummarize_errors(t *testing.T) {
	huge, digits := decimal.New(1, 1_000_000_000), decimal.RequireFromString(strings.Repeat("9", 37))
	set := func(deal string, change func(*forecast.Deal)) forecast.Deal {
		out := dealOf(deal)
		change(&out)
		return out
	}
	stages := func(pairs ...string) forecast.Weight {
		m := map[string]decimal.Decimal{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = d(pairs[i+1])
		}
		return forecast.ByStage(m)
	}
	for _, x := range []struct {
		name  string
		deals []forecast.Deal
		query forecast.Query
		want  []string
	}{
		{"unknown status", dealsOf("a open 1", "b closed 1"), forecast.Query{}, []string{`b: deals/1/status "closed" is not a status`}},
		{"unknown category", dealsOf("a open 1 - c:Commit"), forecast.Query{}, []string{`a: deals/0/category "Commit" is not a category`}},
		{"an exponent that hangs", []forecast.Deal{set("a - 0", func(d *forecast.Deal) { d.Amount = huge })}, forecast.Query{}, []string{"a: deals/0/amount has an exponent"}},
		{"too many digits", []forecast.Deal{set("a won 0", func(d *forecast.Deal) { d.Amount = digits })}, forecast.Query{}, []string{"a: deals/0/amount has an exponent"}},
		{
			"two currencies: the first two deals are named", dealsOf("a open 1 - u:EUR", "b open 1 - u:EUR", "c open 1 - u:USD", "d open 1"),
			forecast.Query{},
			[]string{`c: deals/2/currency "USD" is not "EUR", the currency of deal "a"`},
		},
		{"a currency and none", dealsOf("a open 1", "b lost 1 - u:USD"), forecast.Query{}, []string{`b: deals/1/currency "USD" is not "", the currency of deal "a"`}},
		{"no date", dealsOf("a open 1 2026-01-01", "b open 1", "c lost 1"), forecast.Query{Period: period("2026-01-01", "2026-02-01")}, []string{"b: deals/1/close must be set", "c: deals/2/close must be set"}},
		{"a period that ends first", nil, forecast.Query{Period: period("2026-02-01", "2026-01-01")}, []string{`query/period "2026-02-01/2026-01-01" ends before it starts`}},
		{
			"a stage without weight", dealsOf("a open 1 - s:Demo", "b open 1 - s:demo", "c open 1"),
			forecast.Query{Weight: stages("Demo", "0.1")},
			[]string{`b: deals/1/stage "demo" has no weight`, `c: deals/2/stage has no weight`},
		},
		{"a table of nothing", dealsOf("a open 1 - s:Demo"), forecast.Query{Weight: forecast.ByStage(nil)}, []string{`a: deals/0/stage "Demo" has no weight`}},
		{"weights beyond 0 to 1", nil, forecast.Query{Weight: stages("c", "1.0001", "a", "-0.1", "b", "1.000")}, []string{`weight/a "-0.1" is not a weight`, `weight/c "1.0001" is not a weight`}},
		{
			"a weight that hangs", nil,
			forecast.Query{Weight: forecast.ByStage(map[string]decimal.Decimal{"a": huge, "b": digits})},
			[]string{"weight/a has an exponent", "weight/b has an exponent"},
		},
		{
			"a category without weight", dealsOf("a open 1 - c:commit", "b open 1"),
			forecast.Query{Weight: forecast.ByCategory(map[forecast.Category]decimal.Decimal{"pipeline": d("0.5")})},
			[]string{`a: deals/0/category "commit" has no weight`},
		},
		{
			"a table of categories that is not sound", nil,
			forecast.Query{Weight: forecast.ByCategory(map[forecast.Category]decimal.Decimal{"": d("0.5"), "pipeline": d("0.5"), "omitted": d("0.1"), "closed": d("1"), "commit": d("2")})},
			[]string{"weight/closed ... not a category", "weight/commit ... is not a weight", "weight/omitted ... must be 0 or absent", "weight/pipeline ... is a second weight"},
		},
		{
			"a function without weight", dealsOf("a open 1", "b open 1 - c:omitted", "c won 1"),
			forecast.Query{Weight: forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return decimal.Decimal{}, false })},
			[]string{"a: deals/0/weight is missing"},
		},
		{
			"a function beyond 1", dealsOf("a open 1"),
			forecast.Query{Weight: forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return decimal.New(101, -2), true })},
			[]string{`a: deals/0/weight "1.01" is not a weight`},
		},
		{
			"a function that hangs", dealsOf("a open 1"),
			forecast.Query{Weight: forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return huge, true })},
			[]string{"a: deals/0/weight has an exponent"},
		},
		{
			"faults of all deals together", dealsOf("a x 1", "b open 1 - c:x", "c open 1 - s:x"),
			forecast.Query{Weight: stages()},
			[]string{"a: deals/0/status", "b: deals/1/category", "c: deals/2/stage"},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			s, err := forecast.Summarize(x.deals, x.query)
			dealWant(t, dealFaults(t, err, forecast.ErrInput), x.want)
			if diff := cmp.Diff(forecast.Summary{}, s); diff != "" {
				t.Errorf("there is a result too: %s", diff)
			}
			groups, err := forecast.SummarizeBy(x.deals, x.query, func(forecast.Deal) int { return 0 })
			dealWant(t, dealFaults(t, err, forecast.ErrInput), x.want)
			if groups != nil {
				t.Errorf("there are groups too: %v", groups)
			}
		})
	}

	var many []forecast.Deal
	for range 1000 {
		many = append(many, forecast.Deal{ID: strings.Repeat("x", 1000), Status: "?"})
	}
	_, err := forecast.Summarize(many, forecast.Query{})
	got := dealFaults(t, err, forecast.ErrInput)
	if len(got) != 21 || !strings.Contains(got[20], "and 980 more faults") || len(got[0]) > 300 {
		t.Errorf("%d faults, the last: %s", len(got), got[len(got)-1])
	}
}

func TestWeight_Of_errors(t *testing.T) {
	for _, x := range []struct {
		name   string
		weight forecast.Weight
		deal   string
		want   string
	}{
		{"no weight", forecast.Weight{}, "a open 1", "a: deals/0/weight is asked of the zero Weight"},
		{"unknown status", forecast.Weight{}, "a x 1", `a: deals/0/status "x" is not a status`},
		{"no stage", forecast.ByStage(nil), "a open 1 - s:x", `a: deals/0/stage "x" has no weight`},
		{"a table that is not sound", forecast.ByStage(map[string]decimal.Decimal{"y": d("2")}), "a won 1", `weight/y "2" is not a weight`},
	} {
		got, err := x.weight.Of(dealOf(x.deal))
		dealWant(t, dealFaults(t, err, forecast.ErrInput), []string{x.want})
		if !got.IsZero() {
			t.Errorf("%s: the weight is %s too", x.name, got.StringFixed(2))
		}
	}
	for _, deal := range []string{"a won 1", "a lost 1", "a open 1 - c:omitted"} {
		if _, err := (forecast.Weight{}).Of(dealOf(deal)); err != nil {
			t.Errorf("the zero Weight of %s: %v", deal, err)
		}
	}
}

// Groups are in the order of their keys, and may have currencies of their own.
func TestSummarizeBy(t *testing.T) {
	deals := dealsOf("a open 1 - u:USD o:zoe", "b open 10 - u:EUR o:ana", "c won 100 - u:USD o:zoe", "d open 1000 - u:EUR o:bo", "e lost 10000 - u:USD o:ana")
	groups, err := forecast.SummarizeBy(deals, forecast.Query{}, func(d forecast.Deal) string { return d.Currency })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range groups {
		got = append(got, fmt.Sprintf("%s %s open %s closed %s lost %s", g.Key, g.Summary.Currency,
			g.Summary.Open().Amount.StringFixed(0), g.Summary.Closed.Amount.StringFixed(0), g.Summary.Lost.Amount.StringFixed(0)))
	}
	if diff := cmp.Diff([]string{"EUR EUR open 1010 closed 0 lost 0", "USD USD open 1 closed 100 lost 10000"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	_, err = forecast.SummarizeBy(deals, forecast.Query{}, func(d forecast.Deal) string { return d.Owner })
	dealWant(t, dealFaults(t, err, forecast.ErrInput), []string{`e: deals/4/currency "USD" is not "EUR", the currency of deal "b"`})
	_, err = forecast.SummarizeBy(deals[:1], forecast.Query{}, func(forecast.Deal) float64 { return dealNaN() })
	dealWant(t, dealFaults(t, err, forecast.ErrInput), []string{"a: deals/0/key must not be NaN"})
	_, err = forecast.SummarizeBy[int](deals, forecast.Query{}, nil)
	dealWant(t, dealFaults(t, err, forecast.ErrInput), []string{"key must be set"})
	none, err := forecast.SummarizeBy(nil, forecast.Query{}, func(forecast.Deal) int { return 0 })
	if none == nil || len(none) != 0 || err != nil {
		t.Errorf("no deals give %v, %v", none, err)
	}
}

func dealNaN() float64 {
	zero := 0.0
	return zero / zero
}

func TestSummary_Add(t *testing.T) {
	half := forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return d("0.5"), true })
	usd := dealSummary(t, dealsOf("a open 10 - u:USD"), forecast.Query{})
	eur := dealSummary(t, dealsOf("a open 10 - u:EUR"), forecast.Query{})
	weighed := dealSummary(t, dealsOf("a open 10 - u:USD"), forecast.Query{Weight: half})
	none := dealSummary(t, nil, forecast.Query{Weight: half})
	add := func(a, b forecast.Summary) forecast.Summary {
		t.Helper()
		sum, err := a.Add(b)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	for _, x := range []struct {
		name      string
		got, want forecast.Summary
	}{
		{"nothing", add(usd, forecast.Summary{}), usd},
		{"to nothing", add(forecast.Summary{}, weighed), weighed},
		{"no deals, with weights", add(none, usd), usd},
		{"nothing to nothing", add(forecast.Summary{}, none), forecast.Summary{HasWeights: true}},
		{"twice", add(weighed, weighed), forecast.Summary{Currency: "USD", HasWeights: true, Pipeline: forecast.Cell{Deals: 2, Amount: d("20"), Weighted: d("10")}}},
	} {
		if diff := cmp.Diff(x.want, x.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", x.name, diff)
		}
	}
	hostile := forecast.Summary{Commit: forecast.Cell{Deals: 1, Amount: decimal.New(1, 1_000_000_000), Weighted: decimal.New(1, -1_000_000_000)}}
	for _, x := range []struct {
		name string
		a, b forecast.Summary
		want string
	}{
		{"currencies", usd, eur, `currency "EUR" is not "USD"`},
		{"weights of one", usd, weighed, "hasWeights is not the same"},
		{"numbers that hang", hostile, hostile, "more than 96 digits"},
	} {
		_, err := x.a.Add(x.b)
		dealWant(t, dealFaults(t, err, forecast.ErrInput), []string{x.want})
	}
	// Methods without an error return what is out of bounds as it is, and do not hang.
	if got := hostile.Cumulative().BestCase.Amount; got.Exponent() != 1_000_000_000 {
		t.Errorf("the exponent is %d", got.Exponent())
	}
	if got := hostile.Open().Weighted; got.Exponent() != -1_000_000_000 {
		t.Errorf("the exponent is %d", got.Exponent())
	}
}

// Results are written out: the exponent of a decimal is never positive, and what does not count is cut off.
func TestSummary_form(t *testing.T) {
	s := dealSummary(t, dealsOf("a open 100.00", "b open 99999999999999999900.000", "c won 1.50 - c:commit"), forecast.Query{})
	if e := s.Pipeline.Amount.Exponent(); e != 0 || !s.Pipeline.Amount.Equal(d("1e20")) {
		t.Errorf("1e20 has the exponent %d", e)
	}
	if e := s.Closed.Amount.Exponent(); e != -1 {
		t.Errorf("1.5 has the exponent %d", e)
	}
	if _, err := s.Add(s); err != nil {
		t.Error(err)
	}
}

func TestDeal_json(t *testing.T) {
	deal := dealOf("a open 10.5 2026-03-01 c:best_case s:Demo u:EUR o:ana")
	deal.Created, deal.FX = on("2026-01-01"), &forecast.FX{From: "USD", Rate: d("0.9"), Amount: d("11")}
	lines := dealRollUp(t, []forecast.Node{{ID: "x", Own: d("1")}, {ID: "y", Parent: "x", Own: d("2")}},
		[]forecast.Override{{Node: "y", By: "x", Amount: d("3"), Note: "sure"}, {Node: "y", By: "y", Amount: d("4")}})
	groups, err := forecast.SummarizeBy([]forecast.Deal{deal}, forecast.Query{Weight: forecast.ByStage(map[string]decimal.Decimal{"Demo": d("0.3")})}, func(d forecast.Deal) string { return d.Stage })
	if err != nil {
		t.Fatal(err)
	}
	dealRoundTrip(t, deal)
	dealRoundTrip(t, forecast.Deal{ID: "b"})
	dealRoundTrip(t, groups)
	dealRoundTrip(t, groups[0].Summary.Cumulative())
	dealRoundTrip(t, lines)
	dealRoundTrip(t, forecast.Snapshot{AsOf: on("2026-01-01"), Deals: []forecast.Deal{deal}})
	dealRoundTrip(t, dealCompare(t, []forecast.Deal{deal}, dealsOf("a won 5 2026-02-01 u:EUR", "n open 2 2026-02-01 u:EUR"), period("2026-01-01", "2026-04-01")))
	dealRoundTrip(t, forecast.Bridge{})
}

func dealRoundTrip[T any](t rapid.TB, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, back); diff != "" {
		t.Errorf("%s (-want +got)\n%s", text, diff)
	}
}
