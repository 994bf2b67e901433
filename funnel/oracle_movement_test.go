package funnel_test

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"math/big"
	"os"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

// movParts lists the parts of a movement by name.
func movParts(m funnel.Movement) map[string]funnel.Part {
	return map[string]funnel.Part{
		"start": m.Start, "created": m.Created, "reopened": m.Reopened, "pulled_in": m.PulledIn, "transferred_in": m.TransferredIn,
		"increased": m.Increased, "decreased": m.Decreased, "pushed_out": m.PushedOut, "won": m.Won, "lost": m.Lost, "left": m.Left,
		"removed": m.Removed, "transferred_out": m.TransferredOut, "end": m.End,
	}
}

// movAmounts lists the amounts of the parts that have deals.
func movAmounts(m funnel.Movement) map[string]string {
	out := map[string]string{}
	for name, p := range movParts(m) {
		if p.Count != 0 {
			out[name] = movText(p.Amount)
		}
	}
	return out
}

// movText returns an amount with just the digits that it needs.
func movText(d decimal.Decimal) string { return d.Rat().RatString() }

// movOne is the movement of one deal.
func movOne(t testing.TB, c funnel.Change) funnel.Movement {
	t.Helper()
	var m funnel.Movement
	if err := m.Add(c); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestE_waterfall_cases replays the histories of 24 deals, of every kind of movement. The expected parts, in total and of each
// deal, for the pipeline of a period and for the rolling one, are those of an independent implementation of
//
//	start + created + reopened + pulled in + increased - decreased - pushed out - lost - won = end
func TestE_waterfall_cases(t *testing.T) {
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/waterfall/waterfall_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	type expected struct {
		Totals  map[string]int64 `json:"totals"`
		PerDeal []struct {
			ID      string           `json:"id"`
			Buckets map[string]int64 `json:"buckets"`
		} `json:"per_deal"`
	}
	var cases struct {
		T0     int    `json:"t0"`
		T1     int    `json:"t1"`
		Period [2]int `json:"period"`
		Deals  []struct {
			ID      string   `json:"id"`
			Created int      `json:"created"`
			Amount  int64    `json:"amount"`
			Close   int      `json:"close"`
			Changes [][3]any `json:"changes"` // day, field, value
		} `json:"deals"`
		PeriodPipeline  expected `json:"period_pipeline"`
		RollingPipeline expected `json:"rolling_pipeline"`
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases.Deals) != 24 {
		t.Fatalf("%d deals, want 24", len(cases.Deals))
	}
	day := func(n int) salesops.Date { return on("2026-01-01").AddDays(n) }
	// at is what the deals were at the start of a day, with what happened before it.
	at := func(now int) []funnel.Position {
		var out []funnel.Position
		for _, deal := range cases.Deals {
			if deal.Created >= now {
				continue
			}
			p := funnel.Position{ID: deal.ID, Amount: decimal.New(deal.Amount, 0), Due: day(deal.Close)}
			for _, c := range deal.Changes {
				if int(c[0].(float64)) >= now {
					break
				}
				switch c[1].(string) {
				case "amount":
					p.Amount = decimal.New(int64(c[2].(float64)), 0)
				case "close":
					p.Due = day(int(c[2].(float64)))
				case "status":
					p.Status = funnel.Exit(c[2].(string))
				default:
					t.Fatalf("%s changes its %v", deal.ID, c[1])
				}
			}
			out = append(out, p)
		}
		return out
	}
	before, after := at(cases.T0), at(cases.T1)
	for _, v := range []struct {
		name  string
		scope salesops.Period
		want  expected
	}{
		{"period", salesops.Period{Start: day(cases.Period[0]), End: day(cases.Period[1])}, cases.PeriodPipeline},
		{"rolling", salesops.Period{}, cases.RollingPipeline},
	} {
		w, err := funnel.Compare(v.scope, before, after)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(movInts(v.want.Totals), movAmounts(w.Total)); diff != "" {
			t.Errorf("%s, total (-want +got)\n%s", v.name, diff)
		}
		for _, deal := range v.want.PerDeal {
			find := func(list []funnel.Position) *funnel.Position {
				for i := range list {
					if list[i].ID == deal.ID {
						return &list[i]
					}
				}
				return nil
			}
			c, err := funnel.Classify(v.scope, find(before), find(after))
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(movInts(deal.Buckets), movAmounts(movOne(t, c))); diff != "" {
				t.Errorf("%s, %s (-want +got)\n%s", v.name, deal.ID, diff)
			}
		}
	}
}

func movInts(in map[string]int64) map[string]string {
	out := map[string]string{}
	for k, v := range in {
		out[k] = decimal.New(v, 0).StringFixed(0)
	}
	return out
}

// TestE_published_waterfalls are examples in the help pages of two vendors: that of Weflow adds up, that of Reevo does not.
// Deals that move as they say give all parts as published, and the end that the parts add up to.
func TestE_published_waterfalls(t *testing.T) {
	weflow := funnel.Movement{ // help.getweflow.com/en/articles/15328155
		Start: movPart(1_257_559), Created: movPart(1_501_878), Increased: movPart(180_171), PulledIn: movPart(149_382),
		Lost: movPart(271_125), Decreased: movPart(556_292), Won: movPart(287_487), End: movPart(1_974_086),
	}
	if got := weflow.Balance().Amount; !got.IsZero() {
		t.Errorf("Weflow: Balance %s, want 0", got.StringFixed(0))
	}
	reevo := funnel.Movement{ // help.reevo.ai, Pipeline Waterfall Chart; in thousands
		Start: movPart(19), Created: movPart(417), Increased: movPart(5), PushedOut: movPart(140), Lost: movPart(158), Won: movPart(96), End: movPart(42),
	}
	if got := reevo.Balance().Amount; !got.Equal(d("5")) {
		t.Errorf("Reevo: Balance %s, want 5: it says 42 where its parts add up to 47", got.StringFixed(0))
	}
	for name, v := range map[string]struct {
		published funnel.Movement
		end       int64
	}{"Weflow": {weflow, 1_974_086}, "Reevo": {reevo, 47}} {
		before, after := movStory(v.published)
		w, err := funnel.Compare(period("2026-01-01", "2026-04-01"), before, after)
		if err != nil {
			t.Fatal(err)
		}
		want := movAmounts(v.published)
		want["end"] = decimal.New(v.end, 0).StringFixed(0)
		if diff := gocmp.Diff(want, movAmounts(w.Total)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if b := w.Total.Balance(); b.Count != 0 || !b.Amount.IsZero() {
			t.Errorf("%s: Balance %d, %s", name, b.Count, b.Amount.StringFixed(0))
		}
	}
}

func movPart(amount int64) funnel.Part { return funnel.Part{Count: 1, Amount: decimal.New(amount, 0)} }

// movStory returns deals of the first quarter of 2026 that move as the parts say, one or two for each.
func movStory(m funnel.Movement) (before, after []funnel.Position) {
	inside, outside := on("2026-02-01"), on("2026-05-01")
	add := func(id string, was, is decimal.Decimal, wasDue, isDue salesops.Date, status funnel.Exit) {
		before = append(before, funnel.Position{ID: id, Amount: was, Due: wasDue})
		after = append(after, funnel.Position{ID: id, Amount: is, Due: isDue, Status: status})
	}
	for id, part := range map[string]funnel.Part{"won": m.Won, "lost": m.Lost} {
		if part.Count > 0 { // won and lost are new: what was there at the start may be less
			after = append(after, funnel.Position{ID: id, Amount: part.Amount, Due: inside, Status: funnel.Exit(id)})
		}
	}
	if m.PushedOut.Count > 0 {
		add("pushed out", m.PushedOut.Amount, m.PushedOut.Amount, inside, outside, "")
	}
	if m.PulledIn.Count > 0 {
		add("pulled in", m.PulledIn.Amount, m.PulledIn.Amount, outside, inside, "")
	}
	if m.Decreased.Count > 0 {
		add("decreased", m.Decreased.Amount, decimal.Decimal{}, inside, inside, "")
	}
	if m.Increased.Count > 0 {
		add("increased", decimal.Decimal{}, m.Increased.Amount, inside, inside, "")
	}
	rest := m.Start.Amount.Sub(m.PushedOut.Amount).Sub(m.Decreased.Amount)
	add("start", rest, rest, inside, inside, "")
	rest = m.Created.Amount.Sub(m.Won.Amount).Sub(m.Lost.Amount)
	after = append(after, funnel.Position{ID: "created", Amount: rest, Due: inside})
	return before, after
}

// movNaive counts a part at a time, as they are defined, and sums in rationals.
func movNaive(scope salesops.Period, before, after []funnel.Position) (total map[string]movSum, groups map[string]map[string]movSum) {
	type pair struct{ b, a *funnel.Position }
	deals := map[string]*pair{}
	for i := range before {
		deals[before[i].ID] = &pair{b: &before[i]}
	}
	for i := range after {
		if deals[after[i].ID] == nil {
			deals[after[i].ID] = &pair{}
		}
		deals[after[i].ID].a = &after[i]
	}
	due := func(p *funnel.Position) bool {
		return p != nil && (scope.IsZero() || !p.Due.Before(scope.Start) && p.Due.Before(scope.End))
	}
	open := func(p *funnel.Position) bool { return p != nil && (p.Status == "" || p.Status == funnel.Open) }
	total, groups = map[string]movSum{}, map[string]map[string]movSum{}
	count := func(part string, p *funnel.Position, amount *big.Rat) {
		total[part] = total[part].plus(amount)
		if groups[p.Group] == nil {
			groups[p.Group] = map[string]movSum{}
		}
		groups[p.Group][part] = groups[p.Group][part].plus(amount)
	}
	for _, v := range deals {
		b, a := v.b, v.a
		start := open(b) && due(b)
		created := b == nil && due(a)
		reopened := b != nil && !open(b) && due(a) && a.Status != b.Status
		pulled := open(b) && !due(b) && due(a)
		if start {
			count("start", b, b.Amount.Rat())
		}
		if open(a) && due(a) {
			count("end", a, a.Amount.Rat())
		}
		if created {
			count("created", a, a.Amount.Rat())
		}
		if reopened {
			count("reopened", a, a.Amount.Rat())
		}
		if pulled {
			count("pulled_in", b, b.Amount.Rat())
		}
		if start && open(a) && !due(a) {
			count("pushed_out", a, a.Amount.Rat())
		}
		if start && a == nil {
			count("removed", b, b.Amount.Rat())
		}
		if (start || created || reopened || pulled) && a != nil && !open(a) {
			count(string(a.Status), a, a.Amount.Rat())
		}
		if (start || pulled) && a != nil {
			if b.Group != a.Group {
				count("transferred_out", b, b.Amount.Rat())
				count("transferred_in", a, b.Amount.Rat())
			}
			change := new(big.Rat).Sub(a.Amount.Rat(), b.Amount.Rat())
			if change.Sign() > 0 {
				count("increased", a, change)
			}
			if change.Sign() < 0 {
				count("decreased", a, change.Neg(change))
			}
		}
	}
	return total, groups
}

// movSum is a part, in rationals.
type movSum struct {
	Count  int64
	Amount string
}

func (s movSum) plus(r *big.Rat) movSum {
	sum := new(big.Rat)
	if s.Count > 0 {
		sum.SetString(s.Amount)
	}
	return movSum{s.Count + 1, sum.Add(sum, r).RatString()}
}

// movSums lists the parts that have deals.
func movSums(m funnel.Movement) map[string]movSum {
	out := map[string]movSum{}
	for name, p := range movParts(m) {
		if p.Count != 0 {
			out[name] = movSum{p.Count, movText(p.Amount)}
		}
	}
	return out
}

// TestE_maven_months follows 8,800 deals of a CRM (Maven Analytics, CRM Sales Opportunities) from month to month. In each, what
// is won, lost and created is what the deals say by themselves, by agent as well; the end of a month is the start of the next.
// The value of a deal is known when it closes. Until then it is worth the list price.
func TestE_maven_months(t *testing.T) {
	price := map[string]decimal.Decimal{}
	for _, row := range movCSV(t, "crm/maven/products.csv") {
		price[row["product"]] = d(row["sales_price"])
	}
	price["GTXPro"] = price["GTX Pro"] // as the deals call it
	deals := movCSV(t, "crm/maven/sales_pipeline.csv")
	if len(deals) != 8800 {
		t.Fatalf("%d deals, want 8,800", len(deals))
	}
	at := func(day salesops.Date) (out []funnel.Position) {
		for _, row := range deals {
			p := funnel.Position{ID: row["opportunity_id"], Amount: price[row["product"]], Group: row["sales_agent"]}
			if row["engage_date"] == "" || !on(row["engage_date"]).Before(day) {
				continue
			}
			if row["close_date"] != "" && on(row["close_date"]).Before(day) {
				p.Status, p.Amount = funnel.Exit(map[string]string{"Won": "won", "Lost": "lost"}[row["deal_stage"]]), d(row["close_value"])
			}
			out = append(out, p)
		}
		return out
	}
	first := on("2016-11-01")
	start := at(first)
	var previous funnel.Waterfall
	for first.Before(on("2018-01-01")) {
		next := first.AddMonths(1)
		end := at(next)
		w, err := funnel.Compare(salesops.Period{}, start, end)
		if err != nil {
			t.Fatal(err)
		}
		month := salesops.Period{Start: first, End: next}
		won, lost, created := decimal.Decimal{}, int64(0), int64(0)
		byAgent := map[string]decimal.Decimal{}
		for _, row := range deals {
			if row["engage_date"] != "" && month.Contains(on(row["engage_date"])) {
				created++
			}
			switch closed := row["close_date"]; {
			case closed == "" || !month.Contains(on(closed)):
			case row["deal_stage"] == "Won":
				won = won.Add(d(row["close_value"]))
				byAgent[row["sales_agent"]] = byAgent[row["sales_agent"]].Add(d(row["close_value"]))
			default:
				lost++
			}
		}
		if !w.Total.Won.Amount.Equal(won) || w.Total.Lost.Count != lost || w.Total.Created.Count != created {
			t.Errorf("%v: won %s, lost %d, created %d, want %s, %d, %d", first, movText(w.Total.Won.Amount), w.Total.Lost.Count, w.Total.Created.Count, movText(won), lost, created)
		}
		for _, g := range w.Groups {
			if !g.Movement.Won.Amount.Equal(byAgent[g.Group]) {
				t.Errorf("%v: %s won %s, want %s", first, g.Group, movText(g.Movement.Won.Amount), movText(byAgent[g.Group]))
			}
		}
		if b := w.Total.Balance(); b.Count != 0 || !b.Amount.IsZero() {
			t.Errorf("%v: Balance %d, %s", first, b.Count, movText(b.Amount))
		}
		if diff := gocmp.Diff(previous.Total.End, w.Total.Start); previous.Total.End.Count > 0 && diff != "" {
			t.Errorf("%v: start is not the end of the month before (-end +start)\n%s", first, diff)
		}
		first, start, previous = next, end, w
	}
	// 500 deals have no engage date: they are still prospects. 1,589 are being worked at the end.
	if got := previous.Total.End.Count; got != 1589 {
		t.Errorf("%d deals are open at the end, want the 1,589 in the stage Engaging", got)
	}
}

// movCSV returns the rows of a file by column.
func movCSV(t testing.TB, name string) (out []map[string]string) {
	t.Helper()
	file, err := os.Open(testenv.Data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[rows[0][i]] = v
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b map[string]string) int { return cmp.Compare(a["opportunity_id"], b["opportunity_id"]) })
	return out
}
