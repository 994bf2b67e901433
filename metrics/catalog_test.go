package metrics_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

var update = flag.Bool("update", false, "rewrite docs/metrics.md from the catalogue")

// catFamilies are the families of KPIs, one for each group of constants, and the first constant of the group.
func catFamilies() []catFamily {
	return []catFamily{
		{metrics.DealsWon, "Winning"},
		{metrics.SalesCycle, "Time"},
		{metrics.DealSize, "Size, price and velocity"},
		{metrics.OpenDeals, "Open pipeline"},
		{metrics.QuotaAttainment, "Quotas"},
		{metrics.Leads, "Leads"},
		{metrics.Meetings, "Activity"},
		{metrics.CustomerHHI, "Concentration, and how alike reps are"},
		{metrics.LinearityLastShare, "Linearity"},
		{metrics.RampTime, "Ramp"},
		{metrics.SlippageRate, "Changes of the pipeline"},
		{metrics.SignedForecastError, "Errors of forecasts"},
		{metrics.MRR, "Recurring revenue"},
		{metrics.CAC, "Efficiency"},
		{metrics.GrowthRate, "Growth"},
	}
}

type catFamily struct {
	first metrics.ID
	name  string
}

// TestCatalog_docs keeps docs/metrics.md in step with the catalogue.
func TestCatalog_docs(t *testing.T) {
	page := filepath.Join("..", "docs", "metrics.md")
	want := catPage(t)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(string(have), "\n")); diff != "" {
		t.Errorf("docs/metrics.md is not what the catalogue says; go test -run TestCatalog_docs ./metrics -update rewrites it (-want +got):\n%s", diff)
	}
}

// catPage is the catalogue as Markdown.
func catPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	all := metrics.Catalog()
	fmt.Fprintf(&b, `# Catalogue of KPIs

The %d KPIs of package [metrics](../metrics/doc.go), as `+"`metrics.Catalog()`"+` has them; a test writes this page from it and compares.
Where the field has several readings of a name, each has its own ID; [semantics-metrics.md](semantics-metrics.md) says how they differ, and
`+"`Definition.Others`"+` which they are.

- **Unit.** A share is 0.5 for 50 %%. %s
- **Better** is the direction that a comparison takes for better.
- **Parts** says how the values of parts make that of the whole: *additive* ones add up; *semi-additive* ones do, but not over time; of a
  *ratio* numerators and denominators add up; of a *distribution* the values themselves must be put together; what is *distinct* may be in
  several parts, and counts once.
- **No value** when: `+"`Figure.Reason`"+` says so then, and nothing becomes 0. After a semicolon, what counts how at the edge.
- **Computed by.** `+"`Scorecard`"+` stands for `+"`Slice.Figure`"+`, which reads the KPI from a card by its ID; all else is a function or a method of
  the package.
`, len(all), catUnits())
	groups := catParse(t).ids
	for _, family := range catFamilies() {
		i := slices.IndexFunc(groups, func(g []metrics.ID) bool { return g[0] == family.first })
		if i < 0 {
			t.Errorf("no group of constants begins with %s", family.first)
			continue
		}
		b.WriteString("\n## " + family.name + "\n\n" +
			"| ID | name | formula | unit | better | parts | no value when | source | computed by |\n|---|---|---|---|---|---|---|---|---|\n")
		for _, d := range all {
			if slices.Contains(groups[i], d.ID) {
				b.WriteString(catRow(d))
			}
		}
		groups = slices.Delete(groups, i, i+1)
	}
	for _, g := range groups {
		t.Errorf("the KPIs from %s to %s are of no family", g[0], g[len(g)-1])
	}
	return b.String()
}

// catRow is a row of a table.
func catRow(d metrics.Definition) string {
	row := []string{
		"`" + string(d.ID) + "`", d.Name, d.Formula, string(d.Unit), string(d.Better), string(d.Additivity), d.Undefined, d.Source,
		"`" + strings.ReplaceAll(d.From, ", ", "`, `") + "`",
	}
	for i, cell := range row {
		row[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	return "| " + strings.Join(row, " | ") + " |\n"
}

// catUnits says what units mean that do not say so themselves.
func catUnits() string {
	return fmt.Sprintf("`%s` is how many times one amount is another, `%s` a number without a unit, `%s` the ticks of the clock\n"+
		"  of the rules, minutes unless they have another, `%s` periods of tenure.", metrics.UnitTimes, metrics.UnitIndex, metrics.UnitMinutes, metrics.UnitPeriods)
}

// TestCatalog wants definitions that are complete, and readings that know of each other.
func TestCatalog(t *testing.T) {
	others, names := map[metrics.ID][]metrics.ID{}, map[string]metrics.ID{}
	for _, d := range metrics.Catalog() {
		if _, twice := others[d.ID]; twice {
			t.Errorf("%s is there twice", d.ID)
		}
		if of, twice := names[d.Name]; twice {
			t.Errorf("%s and %s have the name %q both", of, d.ID, d.Name)
		}
		others[d.ID], names[d.Name] = d.Others, d.ID
		if !regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`).MatchString(string(d.ID)) {
			t.Errorf("%s is not in snake case", d.ID)
		}
		v := reflect.ValueOf(d)
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "Others" && v.Field(i).IsZero() {
				t.Errorf("%s has no %s", d.ID, name)
			}
		}
		for _, text := range []string{d.Name, d.Formula, d.Undefined, d.Source} {
			if text != strings.TrimSpace(text) || strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
				t.Errorf("%s: %q is not one phrase without a full stop", d.ID, text)
			}
		}
		if !slices.Contains([]metrics.Direction{metrics.Higher, metrics.Lower, metrics.Neither}, d.Better) {
			t.Errorf("%s: %q is no direction", d.ID, d.Better)
		}
		if !slices.Contains([]metrics.Additivity{metrics.Additive, metrics.SemiAdditive, metrics.Proportional, metrics.Distribution, metrics.Distinctness}, d.Additivity) {
			t.Errorf("%s: %q is no additivity", d.ID, d.Additivity)
		}
		if got, ok := metrics.Define(d.ID); !ok || !cmp.Equal(got, d) {
			t.Errorf("Define(%s) = %+v, %t, want %+v", d.ID, got, ok, d)
		}
	}
	if _, ok := metrics.Define("no_such_kpi"); ok {
		t.Error("Define knows a KPI that is none")
	}
	for id, list := range others {
		for i, other := range list {
			if other == id || slices.Contains(list[:i], other) {
				t.Errorf("%s: %s is no other reading, or named twice", id, other)
			}
			back, ok := others[other]
			if !ok || !slices.Contains(back, id) {
				t.Errorf("%s has %s for another reading, which is no KPI or does not know of it", id, other)
			}
		}
	}
}

// TestCatalog_source compares the catalogue with the source of the package: every constant of type ID is a KPI, and the reverse;
// what From names is there; and the units are those of the constants.
func TestCatalog_source(t *testing.T) {
	src := catParse(t)
	constants := map[metrics.ID]int{}
	for _, id := range slices.Concat(src.ids...) {
		constants[id]++
		if _, ok := metrics.Define(id); !ok {
			t.Errorf("%s has a constant, but is not in the catalogue", id)
		}
	}
	for _, d := range metrics.Catalog() {
		if n := constants[d.ID]; n != 1 {
			t.Errorf("%s is in the catalogue, and has %d constants; want 1", d.ID, n)
		}
		for from := range strings.SplitSeq(d.From, ", ") {
			if from != "Scorecard" && !src.functions[from] {
				t.Errorf("%s is computed by %s, which is no function or method of the package", d.ID, from)
			}
		}
		if !slices.Contains(src.units, d.Unit) {
			t.Errorf("%s: no constant is the unit %q", d.ID, d.Unit)
		}
	}
}

// catSource is what the source of the package has.
type catSource struct {
	ids       [][]metrics.ID  // by group of constants
	units     []metrics.Unit  // those that have a constant
	functions map[string]bool // exported functions and methods, as Name or Type.Name
}

func catParse(t *testing.T) catSource {
	t.Helper()
	src := catSource{functions: map[string]bool{}}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				src.functions[catFunction(decl)] = true
			case *ast.GenDecl:
				var group []metrics.ID
				for _, spec := range decl.Specs {
					v, ok := spec.(*ast.ValueSpec)
					if !ok || decl.Tok != token.CONST || len(v.Values) != 1 {
						continue
					}
					typ, _ := v.Type.(*ast.Ident)
					lit, _ := v.Values[0].(*ast.BasicLit)
					if typ == nil || lit == nil || !v.Names[0].IsExported() {
						continue
					}
					switch text, _ := strconv.Unquote(lit.Value); typ.Name {
					case "ID":
						group = append(group, metrics.ID(text))
					case "Unit":
						src.units = append(src.units, metrics.Unit(text))
					}
				}
				if len(group) > 0 {
					src.ids = append(src.ids, group)
				}
			}
		}
	}
	return src
}

// catFunction returns the name of a function, after that of its type if it is a method.
func catFunction(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	x := f.Recv.List[0].Type
	for {
		switch of := x.(type) {
		case *ast.StarExpr:
			x = of.X
		case *ast.IndexExpr:
			x = of.X
		case *ast.IndexListExpr:
			x = of.X
		case *ast.Ident:
			return of.Name + "." + f.Name.Name
		default:
			return ""
		}
	}
}

// TestCatalog_card reads every KPI of the card from one that holds rows of all kinds.
func TestCatalog_card(t *testing.T) {
	all := catHalf(t)
	for _, d := range metrics.Catalog() {
		f, err := all.Figure(d.ID, metrics.Options{})
		switch {
		case !catOnCard(d):
			if err == nil {
				t.Errorf("%s is read from a card, and not from %s", d.ID, d.From)
			}
		case err != nil:
			t.Errorf("%s: %v", d.ID, err)
		case f.KPI != d.ID || f.Value == nil:
			t.Errorf("%s: %+v; want a value", d.ID, f)
		}
	}
}

// catOnCard reports whether a KPI is read from a card.
func catOnCard(d metrics.Definition) bool {
	return slices.Contains(strings.Split(d.From, ", "), "Scorecard")
}

// TestCatalog_additivity takes the definitions at their word: it puts the KPIs of the card together from those of the reps.
func TestCatalog_additivity(t *testing.T) {
	all := catHalf(t)
	for _, def := range metrics.Catalog() {
		if !catOnCard(def) || def.Additivity == metrics.Distribution || def.Additivity == metrics.Distinctness {
			continue
		}
		whole := crdFigure(t, all, def.ID, metrics.Options{})
		if whole.Parts == nil {
			t.Errorf("%s is %s, but has no parts", def.ID, def.Additivity)
			continue
		}
		num, den := d("0"), d("0")
		for _, part := range all.By(metrics.ByOwner) {
			if f := crdFigure(t, part, def.ID, metrics.Options{}); f.Parts != nil {
				num, den = num.Add(f.Parts.Num), den.Add(f.Parts.Den)
			}
		}
		if def.Additivity == metrics.Additive || def.Additivity == metrics.SemiAdditive {
			den = d("1")
		}
		if !num.Mul(whole.Parts.Den).Equal(den.Mul(whole.Parts.Num)) {
			t.Errorf("%s is %s, but its parts make %s of %s, and the whole is %s of %s", def.ID, def.Additivity,
				num.StringFixed(6), den.StringFixed(6), whole.Parts.Num.StringFixed(6), whole.Parts.Den.StringFixed(6))
		}
	}
}

// catHalf is the half year of a card with rows of all kinds.
func catHalf(t *testing.T) metrics.Slice {
	t.Helper()
	half, err := catCard(t).Select(metrics.Filter{Period: period("2026-01-01", "2026-07-01")})
	if err != nil {
		t.Fatal(err)
	}
	return half
}

// catCard is a card with rows of all kinds.
func catCard(t *testing.T) *metrics.Scorecard {
	t.Helper()
	card, err := metrics.NewScorecard(metrics.Rules{AsOf: time.Date(2026, 6, 30, 18, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	start := on("2026-01-05")
	for i := range 60 {
		deal := metrics.Deal{
			ID: "D-" + strconv.Itoa(i), Owner: []string{"Ana", "Ben", "Cy"}[i%3], Team: "West", Segment: "SMB", Account: "Account " + strconv.Itoa(i%7), Currency: "USD",
			Amount: decimal.NewFromInt(int64(1000 + 100*i)), List: decimal.NewFromInt(int64(1100 + 100*i)), Created: start.AddDays(i), Proposed: start.AddDays(i + 5),
			Close: start.AddDays(i + 20 + i%9), Status: []metrics.Status{metrics.Won, metrics.Lost, metrics.Won, metrics.Dropped}[i%4],
		}
		if i%10 == 9 {
			chance := decimal.New(4, -1)
			deal.Status, deal.Chance, deal.StageSince, deal.Active, deal.NextStep = metrics.Open, &chance, start.AddDays(i+10), on("2026-06-20"), true
			deal.Close = on("2026-06-10").AddDays(i / 3) // some are overdue
		}
		must(card.AddDeal(deal))
		lead := metrics.Lead{ID: "L-" + strconv.Itoa(i), Owner: "Ana", Created: start.AddDays(i).Time(time.UTC), Qualified: i%2 == 0, Opportunity: i%4 == 0, Customer: i%8 == 0}
		if i%30 != 29 { // the others are untouched
			lead.Touched = lead.Created.Add(time.Duration(i) * time.Minute)
		}
		must(card.AddLead(lead))
	}
	half := period("2026-01-01", "2026-07-01")
	for _, rep := range []string{"Ana", "Ben", "Cy"} {
		must(card.AddQuota(metrics.Quota{Owner: rep, Team: "West", Period: half, Amount: d("60000"), Currency: "USD"}))
		must(card.AddRep(metrics.Rep{Name: rep, Team: "West", Active: salesops.Period{Start: on("2025-03-01")}}))
		must(card.AddWorkday(metrics.Workday{Owner: rep, Team: "West", Date: start, Worked: 8 * time.Hour, Selling: 3 * time.Hour}))
		for _, kind := range []metrics.ActivityKind{metrics.Call, metrics.Email, metrics.Meeting, metrics.NoShow} {
			must(card.AddActivity(metrics.Activity{Owner: rep, Team: "West", Date: start, Kind: kind, Count: 4}))
		}
	}
	return card
}

// TestCatalog_functions calls what From names, and wants a value under the ID of the KPI.
func TestCatalog_functions(t *testing.T) {
	values, functions := catValues(t), catCalls(t)
	for _, d := range metrics.Catalog() {
		from := strings.TrimPrefix(d.From, "Scorecard, ")
		typ, method, isMethod := strings.Cut(from, ".")
		var f metrics.Figure
		switch {
		case from == "Scorecard":
			continue
		case from == "MixRate": // a report, whose numbers are no figures
			if d.ID != metrics.RateEffect && d.ID != metrics.MixEffect {
				t.Errorf("%s is not in the report of MixRate", d.ID)
			}
			continue
		case isMethod:
			on, ok := values[string(d.ID)]
			if !ok {
				on, ok = values[typ]
			}
			if !ok {
				t.Errorf("%s: the test has no %s", d.ID, typ)
				continue
			}
			f = catCall(t, from, reflect.ValueOf(on).MethodByName(method))
		default:
			call, ok := functions[from]
			if !ok {
				t.Errorf("%s: the test does not call %s", d.ID, from)
				continue
			}
			f = call()
		}
		if f.KPI != d.ID || f.Value == nil {
			t.Errorf("%s returns %+v, want a value of %s", from, f, d.ID)
		}
	}
}

// catCall calls a method with arguments that suit its parameters, and returns the figure.
func catCall(t *testing.T, name string, method reflect.Value) metrics.Figure {
	t.Helper()
	if !method.IsValid() {
		t.Fatalf("%s: no such method", name)
	}
	var args []reflect.Value
	for in := range method.Type().Ins() {
		for _, arg := range []any{0.5, 2, metrics.PeriodBefore, &metrics.Ratio[decimal.Decimal]{Num: d("1"), Den: d("50")}, []float64{1, 0.9, 0.8}} {
			if v := reflect.ValueOf(arg); v.Type() == in {
				args = append(args, v)
			}
		}
	}
	if len(args) != method.Type().NumIn() {
		t.Fatalf("%s: the test has no arguments for %v", name, method.Type())
	}
	switch out := method.Call(args)[0].Interface().(type) {
	case metrics.Figure:
		return out
	case []metrics.RampPoint:
		return out[len(out)-1].Productivity
	}
	t.Fatalf("%s returns no figure: %v", name, method.Type())
	return metrics.Figure{}
}

// catValues are values with methods that return figures, by their type; or by the KPI if another one of the type is needed for it.
func catValues(t *testing.T) map[string]any {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	quarter := period("2026-01-01", "2026-04-01")
	initial, pushes := d("90"), 2
	now, later := &metrics.DealState{Due: on("2026-03-31"), Amount: d("100"), Forecast: true}, &metrics.DealState{Due: on("2026-05-31"), Amount: d("100")}
	won := &metrics.DealState{Status: metrics.Won, Due: on("2026-03-20"), Amount: d("120")}
	var changes metrics.Changes
	for _, c := range []metrics.DealChange{
		{Start: now, End: won, Pushes: &pushes}, {Start: now, End: later}, {Start: later, End: won}, {End: now, Initial: &initial},
	} {
		must(changes.Add(quarter, c))
	}
	linearity, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Month, quarter)
	must(err)
	must(linearity.Add(on("2026-02-03"), d("100"), "USD"))
	var forecast metrics.ForecastError
	must(forecast.Add(d("100"), d("90"), "USD"))
	ramp := func(o metrics.RampOptions) *metrics.Ramp {
		r, err := metrics.NewRamp(o)
		must(err)
		full := metrics.Ratio[decimal.Decimal]{Num: d("1"), Den: d("1")}
		must(r.Add(metrics.TenureHistory{Attainment: []metrics.Ratio[decimal.Decimal]{full, full}, FirstDeal: 1}))
		return r
	}
	var recurring metrics.Recurring
	must(recurring.AddCustomer(metrics.CustomerRevenue{ID: "1", Currency: "USD", Before: d("100"), After: d("80")}))
	return map[string]any{
		"Changes": changes, "Linearity": linearity, "ForecastError": forecast, "Ramp": ramp(metrics.RampOptions{}),
		string(metrics.RampTime80): ramp(metrics.RampOptions{Threshold: d("0.8")}),
		"Recurring":                recurring,
		"Contract":                 metrics.Contract{ID: "1", Currency: "USD", Value: d("1200"), Months: 12, Start: on("2026-01-01")},
		"Efficiency": metrics.Efficiency{
			Currency: "USD", Spend: d("100"), SpendBefore: d("90"), NewCustomers: 2, NewMRR: d("10"), Customers: 20, MRR: d("100"),
			GrossMargin: metrics.Ratio[decimal.Decimal]{Num: d("3"), Den: d("4")}, NetNewARR: d("80"), GrossNewARR: d("120"),
			Revenue: d("300"), RevenueBefore: d("280"), RevenueYearAgo: d("200"), Profit: d("-10"), NetBurn: d("30"),
		},
		"Growth": metrics.Growth{From: d("100"), To: d("120")},
	}
}

// catCalls are the functions that return figures.
func catCalls(t *testing.T) map[string]func() metrics.Figure {
	t.Helper()
	days := []metrics.Ratio[int64]{{Num: 1, Den: 100}, {Num: 2, Den: 99}}
	before, after := metrics.LeadMonth{Qualified: 100, Days: 31}, metrics.LeadMonth{Qualified: 95, Days: 28}
	return map[string]func() metrics.Figure{
		"ActiveARR": func() metrics.Figure {
			f, err := metrics.ActiveARR([]metrics.Contract{{ID: "1", Currency: "USD", Value: d("1200"), Months: 12, Start: on("2026-01-01")}}, on("2026-02-01"))
			if err != nil {
				t.Fatal(err)
			}
			return f
		},
		"DailyChurnOf":       func() metrics.Figure { return metrics.DailyChurnOf(days) },
		"DailyChurnSumOf":    func() metrics.Figure { return metrics.DailyChurnSumOf(days) },
		"LeadVelocity":       func() metrics.Figure { return metrics.LeadVelocity(before, after) },
		"LeadVelocityPerDay": func() metrics.Figure { return metrics.LeadVelocityPerDay(before, after) },
		"RampRule":           func() metrics.Figure { return metrics.RampRule(60) },
		"ProductivityPerRep": func() metrics.Figure {
			return metrics.ProductivityPerRep(d("1000"), "USD", metrics.Ratio[decimal.Decimal]{Num: d("180"), Den: d("90")})
		},
	}
}
