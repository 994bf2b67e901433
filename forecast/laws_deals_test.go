package forecast_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// dealAmounts draws amounts of different exponents, some of them negative, zero, or beyond 64 bits.
func dealAmounts() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		exp := rapid.Int32Range(-4, 2).Draw(t, "exp")
		if rapid.IntRange(0, 9).Draw(t, "large") == 0 {
			return decimal.New(rapid.Int64Range(math.MaxInt64-9, math.MaxInt64).Draw(t, "coef"), exp).Mul(decimal.New(rapid.Int64Range(-2, 12).Draw(t, "times"), 0))
		}
		return decimal.New(rapid.Int64Range(-1_000, 1_000_000).Draw(t, "coef"), exp)
	})
}

// dealWeightsDrawn draws weights of all stages and all categories.
func dealWeightsDrawn() *rapid.Generator[forecast.Weight] {
	weight := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		exp := rapid.Int32Range(0, 17).Draw(t, "places")
		return decimal.New(rapid.Int64Range(0, int64(math.Pow10(int(exp)))).Draw(t, "coef"), -exp)
	})
	return rapid.Custom(func(t *rapid.T) forecast.Weight {
		stages := map[string]decimal.Decimal{}
		for _, s := range dealStagesDrawn() {
			stages[s] = weight.Draw(t, "weight")
		}
		categories := map[forecast.Category]decimal.Decimal{}
		for _, c := range dealCategories()[1:] {
			categories[c] = weight.Draw(t, "weight")
		}
		categories[forecast.Omitted] = decimal.Decimal{}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			return forecast.ByStage(stages)
		case 1:
			return forecast.ByCategory(categories)
		}
		return forecast.ByDeal(func(d forecast.Deal) (decimal.Decimal, bool) {
			w, ok := stages[d.Stage]
			return w, ok
		})
	})
}

func dealStagesDrawn() []string { return []string{"", "Demo", "Dome", "Legal", "Proposal"} }

func dealCategories() []forecast.Category {
	return []forecast.Category{"", forecast.InPipeline, forecast.BestCase, forecast.MostLikely, forecast.Commit, forecast.Omitted}
}

// dealDrawn draws a deal that closes in the first 60 days of 2026.
func dealDrawn(id string) *rapid.Generator[forecast.Deal] {
	return rapid.Custom(func(t *rapid.T) forecast.Deal {
		return forecast.Deal{
			ID: id, Currency: "EUR",
			Owner:    rapid.SampledFrom([]string{"ana", "bo", "cy"}).Draw(t, "owner"),
			Stage:    rapid.SampledFrom(dealStagesDrawn()).Draw(t, "stage"),
			Status:   rapid.SampledFrom([]forecast.Status{"", forecast.Open, forecast.Open, forecast.Won, forecast.Lost}).Draw(t, "status"),
			Category: rapid.SampledFrom(dealCategories()).Draw(t, "category"),
			Amount:   dealAmounts().Draw(t, "amount"),
			Close:    on("2026-01-01").AddDays(rapid.IntRange(0, 59).Draw(t, "close")),
		}
	})
}

func dealsDrawn(most int) *rapid.Generator[[]forecast.Deal] {
	return rapid.Custom(func(t *rapid.T) []forecast.Deal {
		deals := make([]forecast.Deal, rapid.IntRange(0, most).Draw(t, "deals"))
		for i := range deals {
			deals[i] = dealDrawn(fmt.Sprint("d", i)).Draw(t, "deal")
		}
		return deals
	})
}

// dealPeriods draws periods around the days on which deals close, open ones and empty ones among them.
func dealPeriods() *rapid.Generator[salesops.Period] {
	return rapid.Custom(func(t *rapid.T) salesops.Period {
		start := rapid.IntRange(-1, 59).Draw(t, "start")
		p := salesops.Period{Start: on("2026-01-01").AddDays(start), End: on("2026-01-01").AddDays(rapid.IntRange(start, 60).Draw(t, "end"))}
		switch rapid.IntRange(0, 5).Draw(t, "open") {
		case 0:
			p.Start = salesops.Date{}
		case 1:
			p.End = salesops.Date{}
		case 2:
			return salesops.Period{}
		}
		return p
	})
}

// dealNaive is Summarize as one would write it with decimals.
func dealNaive(deals []forecast.Deal, q forecast.Query, weighs bool) forecast.Summary {
	s := forecast.Summary{HasWeights: weighs}
	for _, d := range deals {
		if q.Period != (salesops.Period{}) && !q.Period.Contains(d.Close) {
			continue
		}
		cell := &s.Pipeline
		if d.Status == forecast.Won {
			cell = &s.Closed
		} else if d.Status == forecast.Lost {
			cell = &s.Lost
		} else if d.Category == forecast.Omitted {
			cell = &s.Omitted
		} else if d.Category == forecast.BestCase {
			cell = &s.BestCase
		} else if d.Category == forecast.MostLikely {
			cell = &s.MostLikely
		} else if d.Category == forecast.Commit {
			cell = &s.Commit
		}
		cell.Deals++
		cell.Amount = cell.Amount.Add(d.Amount)
		if weighs {
			weight, err := q.Weight.Of(d)
			if err != nil {
				panic(err)
			}
			cell.Weighted = cell.Weighted.Add(d.Amount.Mul(weight))
		}
		s.Currency = d.Currency
	}
	return s
}

func TestSummarize_naive(t *testing.T)  { rapid.Check(t, propSummarizeNaive) }
func TestSummarize_adds(t *testing.T)   { rapid.Check(t, propSummarizeAdds) }
func TestSummarize_bounds(t *testing.T) { rapid.Check(t, propSummarizeBounds) }
func TestConvert_sums(t *testing.T)     { rapid.Check(t, propConvertSums) }
func TestRollUp_naive(t *testing.T)     { rapid.Check(t, propRollUpNaive) }
func TestRollUp_override(t *testing.T)  { rapid.Check(t, propRollUpOverride) }
func TestRollUp_faults(t *testing.T)    { rapid.Check(t, propRollUpFaults) }
func TestCompare_naive(t *testing.T)    { rapid.Check(t, propCompareNaive) }
func TestCompare_mirror(t *testing.T)   { rapid.Check(t, propCompareMirror) }
func TestCompare_adds(t *testing.T)     { rapid.Check(t, propCompareAdds) }
func TestDeals_hostile(t *testing.T)    { rapid.Check(t, propDealsHostile) }

// Summarize is what one would write with decimals, and reads but does not change the deals.
func propSummarizeNaive(t *rapid.T) {
	deals := dealsDrawn(20).Draw(t, "deals")
	q := forecast.Query{Period: dealPeriods().Draw(t, "period")}
	weighs := rapid.Bool().Draw(t, "weighs")
	if weighs {
		q.Weight = dealWeightsDrawn().Draw(t, "weight")
	}
	before := slices.Clone(deals)
	got := dealSummary(t, deals, q)
	if diff := gocmp.Diff(dealNaive(deals, q, weighs), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := gocmp.Diff(before, deals); diff != "" {
		t.Errorf("the deals have changed:\n%s", diff)
	}
	expected, ok := got.Expected()
	if want := got.Open().Weighted.Add(got.Closed.Amount); ok != weighs || ok && !expected.Equal(want) {
		t.Errorf("expected are %s, %t, want %s", expected.StringFixed(4), ok, want.StringFixed(4))
	}
}

// The order of deals does not matter; any cut of the list, groups by any key and periods that touch add up to the whole.
func propSummarizeAdds(t *rapid.T) {
	deals := dealsDrawn(20).Draw(t, "deals")
	p := dealPeriods().Draw(t, "period")
	q := forecast.Query{Period: p, Weight: dealWeightsDrawn().Draw(t, "weight")}
	whole := dealSummary(t, deals, q)
	if diff := gocmp.Diff(whole, dealSummary(t, rapid.Permutation(deals).Draw(t, "order"), q)); diff != "" {
		t.Errorf("in another order (-want +got)\n%s", diff)
	}
	add := func(parts ...forecast.Summary) forecast.Summary {
		var sum forecast.Summary
		var err error
		for _, part := range parts {
			if sum, err = sum.Add(part); err != nil {
				t.Fatal(err)
			}
		}
		return sum
	}
	cut := rapid.IntRange(0, len(deals)).Draw(t, "cut")
	if diff := gocmp.Diff(whole, add(dealSummary(t, deals[cut:], q), dealSummary(t, deals[:cut], q))); diff != "" {
		t.Errorf("of two parts (-want +got)\n%s", diff)
	}
	groups, err := forecast.SummarizeBy(deals, q, func(d forecast.Deal) string { return d.Owner })
	if err != nil {
		t.Fatal(err)
	}
	parts := []forecast.Summary{{HasWeights: true}}
	for i, g := range groups {
		if i > 0 && groups[i-1].Key >= g.Key {
			t.Errorf("%s comes after %s", g.Key, groups[i-1].Key)
		}
		own := slices.DeleteFunc(slices.Clone(deals), func(d forecast.Deal) bool { return d.Owner != g.Key })
		if diff := gocmp.Diff(dealSummary(t, own, q), g.Summary); diff != "" {
			t.Errorf("of %s (-want +got)\n%s", g.Key, diff)
		}
		parts = append(parts, g.Summary)
	}
	if diff := gocmp.Diff(whole, add(parts...)); diff != "" {
		t.Errorf("of the groups (-want +got)\n%s", diff)
	}
	if p.IsZero() || p.IsEmpty() {
		return
	}
	parts = nil
	for _, part := range p.Split(on("2026-01-01").AddDays(rapid.IntRange(0, 59).Draw(t, "at"))) {
		parts = append(parts, dealSummary(t, deals, forecast.Query{Period: part, Weight: q.Weight}))
	}
	if diff := gocmp.Diff(whole, add(parts...)); diff != "" {
		t.Errorf("of the parts of the period (-want +got)\n%s", diff)
	}
}

// With amounts that are not negative: what is weighted is from 0 to the amount; at weights of 1 it is the amount; columns
// that include others are no less. In any case the columns hang together.
func propSummarizeBounds(t *rapid.T) {
	deals := dealsDrawn(20).Draw(t, "deals")
	for i := range deals {
		deals[i].Amount = deals[i].Amount.Abs()
	}
	s := dealSummary(t, deals, forecast.Query{Weight: dealWeightsDrawn().Draw(t, "weight")})
	for name, cell := range map[string]forecast.Cell{"pipeline": s.Pipeline, "best case": s.BestCase, "most likely": s.MostLikely, "commit": s.Commit} {
		if cell.Weighted.IsNegative() || cell.Weighted.GreaterThan(cell.Amount) {
			t.Errorf("%s: %s weighs %s", name, cell.Amount.StringFixed(4), cell.Weighted.StringFixed(4))
		}
	}
	c := s.Cumulative()
	for i, pair := range [][2]forecast.Cell{{c.Closed, c.Commit}, {c.Commit, c.MostLikely}, {c.MostLikely, c.BestCase}} {
		if pair[0].Amount.GreaterThan(pair[1].Amount) || pair[0].Weighted.GreaterThan(pair[1].Weighted) || pair[0].Deals > pair[1].Deals {
			t.Errorf("column %d is above the next: %v", i, pair)
		}
	}
	if want := c.BestCase.Amount.Sub(c.Closed.Amount).Add(s.Pipeline.Amount); !want.Equal(c.OpenPipeline.Amount) {
		t.Errorf("the open pipeline is %s, want %s", c.OpenPipeline.Amount.StringFixed(4), want.StringFixed(4))
	}
	one := dealSummary(t, deals, forecast.Query{Weight: forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return decimal.New(10, -1), true })})
	if open := one.Open(); !open.Weighted.Equal(open.Amount) {
		t.Errorf("%s weighs %s", open.Amount.StringFixed(4), open.Weighted.StringFixed(4))
	}
}

// To convert and then to add up is to add up and then to convert.
func propConvertSums(t *rapid.T) {
	deals := dealsDrawn(20).Draw(t, "deals")
	rate := decimal.New(rapid.Int64Range(1, 10_000).Draw(t, "coef"), -rapid.Int32Range(0, 6).Draw(t, "places"))
	q := forecast.Query{Weight: dealWeightsDrawn().Draw(t, "weight")}
	converted, err := forecast.Convert(deals, "USD", func(string, string, salesops.Date) (decimal.Decimal, bool) { return rate, true })
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range converted {
		if !d.Amount.Equal(deals[i].Amount.Mul(rate)) || !d.FX.Amount.Equal(deals[i].Amount) || d.FX.From != "EUR" || !d.FX.Rate.Equal(rate) {
			t.Errorf("%v from %v", d, deals[i])
		}
	}
	before, after := dealSummary(t, deals, q), dealSummary(t, converted, q)
	if !after.Open().Amount.Equal(before.Open().Amount.Mul(rate)) || !after.Open().Weighted.Equal(before.Open().Weighted.Mul(rate)) {
		t.Errorf("%v, and converted %v", before.Open(), after.Open())
	}
}

// dealTreeDrawn draws a forest in any order, and overrides by people who may make them.
func dealTreeDrawn(t *rapid.T) (nodes []forecast.Node, overrides []forecast.Override) {
	n := rapid.IntRange(0, 12).Draw(t, "nodes")
	number := rapid.Map(rapid.Int64Range(-100, 100), func(v int64) decimal.Decimal { return decimal.New(v, -1) })
	above := make([][]string, n) // the node, and those above it
	for i := range n {
		node := forecast.Node{ID: fmt.Sprint("n", i), Own: number.Draw(t, "own")}
		above[i] = []string{node.ID}
		if p := rapid.IntRange(-1, i-1).Draw(t, "parent"); p >= 0 {
			node.Parent = fmt.Sprint("n", p)
			above[i] = append(above[i], above[p]...)
		}
		nodes = append(nodes, node)
		for _, by := range above[i] {
			if rapid.IntRange(0, 4).Draw(t, "override") == 0 {
				overrides = append(overrides, forecast.Override{Node: node.ID, By: by, Amount: number.Draw(t, "amount")})
			}
		}
	}
	if n == 0 {
		return nil, nil
	}
	overrides = rapid.Permutation(overrides).Draw(t, "overrides in order")
	return rapid.Permutation(nodes).Draw(t, "nodes in order"), overrides
}

// dealView is the number of a node as somebody sees it, by the definition: the override of the highest of those who are not
// above the viewer, or else its own number with those below. The nobody "" sees no overrides; "*" sees all.
func dealView(nodes []forecast.Node, overrides []forecast.Override, node, viewer string) decimal.Decimal {
	parent := map[string]string{}
	for _, n := range nodes {
		parent[n.ID] = n.Parent
	}
	var prevails *forecast.Override
	for by := node; by != ""; by = parent[by] {
		for i := range overrides {
			if o := &overrides[i]; viewer != "" && o.Node == node && o.By == by {
				prevails = o
			}
		}
		if by == viewer {
			break
		}
	}
	if prevails != nil {
		return prevails.Amount
	}
	var sum decimal.Decimal
	for _, n := range nodes {
		if n.ID == node {
			sum = sum.Add(n.Own)
		}
		if n.Parent == node {
			sum = sum.Add(dealView(nodes, overrides, n.ID, viewer))
		}
	}
	return sum
}

// Each line is what the definition says; without overrides, the tops have all there is.
func propRollUpNaive(t *rapid.T) {
	nodes, overrides := dealTreeDrawn(t)
	lines := dealRollUp(t, nodes, overrides)
	tops, own := decimal.Decimal{}, decimal.Decimal{}
	for i, n := range nodes {
		want := forecast.Line{
			Node: n.ID, Own: n.Own, Computed: dealView(nodes, overrides, n.ID, ""),
			ByOwner: dealView(nodes, overrides, n.ID, n.ID), Submitted: dealView(nodes, overrides, n.ID, "*"),
		}
		want.Judgment = want.Submitted.Sub(want.Computed)
		got := lines[i]
		all := slices.Clone(got.Superseded)
		if got.Prevailing != nil {
			all = append(all, *got.Prevailing)
			if !got.Submitted.Equal(got.Prevailing.Amount) {
				t.Errorf("%s submits %s, and %v prevails", n.ID, got.Submitted.StringFixed(1), *got.Prevailing)
			}
		}
		got.Prevailing, got.Superseded = nil, nil
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		mine := slices.DeleteFunc(slices.Clone(overrides), func(o forecast.Override) bool { return o.Node != n.ID })
		byWhom := func(a, b forecast.Override) int { return cmp.Compare(a.By, b.By) }
		slices.SortFunc(mine, byWhom)
		slices.SortFunc(all, byWhom)
		if !gocmp.Equal(mine, all) && len(mine)+len(all) > 0 {
			t.Errorf("%s has the overrides %v, want %v", n.ID, all, mine)
		}
		own = own.Add(n.Own)
		if n.Parent == "" {
			tops = tops.Add(got.Computed)
			if !got.ByOwner.Equal(got.Submitted) {
				t.Errorf("at the top, %s stands for %s and submits %s", n.ID, got.ByOwner.StringFixed(1), got.Submitted.StringFixed(1))
			}
		}
	}
	if !tops.Equal(own) {
		t.Errorf("the tops have %s of %s", tops.StringFixed(1), own.StringFixed(1))
	}
}

// One more override changes its node and those above it up to the next that is overridden, by the same amount; one that
// states what is submitted anyway changes nothing.
func propRollUpOverride(t *rapid.T) {
	nodes, overrides := dealTreeDrawn(t)
	if len(nodes) == 0 {
		return
	}
	overrides = slices.DeleteFunc(overrides, func(o forecast.Override) bool { return o.Node != o.By })
	before := dealRollUp(t, nodes, overrides)
	at := rapid.IntRange(0, len(nodes)-1).Draw(t, "node")
	index := map[string]int{}
	for i, n := range nodes {
		index[n.ID] = i
	}
	by := at
	for nodes[by].Parent != "" {
		by = index[nodes[by].Parent]
	}
	if by == at && before[at].Prevailing != nil {
		return // the top has stated its number
	}
	delta := decimal.New(rapid.Int64Range(-5, 5).Draw(t, "delta"), 0)
	more := forecast.Override{Node: nodes[at].ID, By: nodes[by].ID, Amount: before[at].Submitted.Add(delta)}
	after := dealRollUp(t, nodes, append(overrides, more))
	changes := map[int]bool{at: true}
	for i := at; nodes[i].Parent != ""; {
		if i = index[nodes[i].Parent]; before[i].Prevailing != nil {
			break
		}
		changes[i] = true
	}
	for i := range nodes {
		want := before[i].Submitted
		if changes[i] {
			want = want.Add(delta)
		}
		if !after[i].Submitted.Equal(want) {
			t.Errorf("%s submits %s, want %s", nodes[i].ID, after[i].Submitted.StringFixed(1), want.StringFixed(1))
		}
	}
}

// A circle or an orphan is always an error, of which each fault names a node of the tree.
func propRollUpFaults(t *rapid.T) {
	nodes, overrides := dealTreeDrawn(t)
	if len(nodes) == 0 {
		return
	}
	at := rapid.IntRange(0, len(nodes)-1).Draw(t, "node")
	parent := map[string]string{}
	for _, n := range nodes {
		parent[n.ID] = n.Parent
	}
	want := "is not among the nodes"
	nodes[at].Parent = "nobody"
	if rapid.Bool().Draw(t, "circle") { // with one that is below
		want = "is above itself"
		nodes[at].Parent = nodes[at].ID
		for _, n := range nodes {
			for up := n.ID; up != ""; up = parent[up] {
				if up == nodes[at].ID {
					nodes[at].Parent = n.ID
				}
			}
		}
	}
	_, err := forecast.RollUp(nodes, overrides)
	dealWant(t, dealFaults(t, err, forecast.ErrHierarchy), []string{nodes[at].Parent})
	if !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// dealSnapshots draws two snapshots that share most of their deals, in different orders.
func dealSnapshots(t *rapid.T) (from, to forecast.Snapshot) {
	from, to = forecast.Snapshot{AsOf: on("2026-01-05"), Deals: []forecast.Deal{}}, forecast.Snapshot{AsOf: on("2026-01-12"), Deals: []forecast.Deal{}}
	for i := range rapid.IntRange(0, 12).Draw(t, "deals") {
		d := dealDrawn(fmt.Sprint("d", i)).Draw(t, "from")
		where := rapid.IntRange(0, 9).Draw(t, "where")
		if where > 0 {
			from.Deals = append(from.Deals, d)
		}
		if where == 1 {
			continue
		}
		if where < 8 {
			next := dealDrawn(d.ID).Draw(t, "to")
			if rapid.Bool().Draw(t, "same amount") {
				next.Amount = d.Amount
			}
			d = next
		}
		to.Deals = append(to.Deals, d)
	}
	if len(to.Deals) > 0 {
		to.Deals = rapid.Permutation(to.Deals).Draw(t, "order")
	}
	return from, to
}

// dealPeriodDrawn draws a period that is not empty.
func dealPeriodDrawn(t *rapid.T) salesops.Period {
	p := dealPeriods().Draw(t, "period")
	if p.IsEmpty() {
		p.End = p.Start.AddDays(20)
	}
	return p
}

// Compare is what the definition says, and its parts add up: opening with what came, less what went, is closing, in deals
// and in amounts; the moves are the parts, deal by deal.
func propCompareNaive(t *rapid.T) {
	from, to := dealSnapshots(t)
	p := dealPeriodDrawn(t)
	got, err := forecast.Compare(from, to, p)
	if err != nil {
		t.Fatal(err)
	}
	want := forecast.Bridge{From: from.AsOf, To: to.AsOf, Period: p, Currency: got.Currency, Moves: []forecast.Move{}}
	find := func(s forecast.Snapshot, id string) *forecast.Deal {
		if i := slices.IndexFunc(s.Deals, func(d forecast.Deal) bool { return d.ID == id }); i >= 0 {
			return &s.Deals[i]
		}
		return nil
	}
	open := func(d *forecast.Deal) bool { return d.Status == "" || d.Status == forecast.Open }
	in := func(d *forecast.Deal) bool {
		return d != nil && open(d) && d.Category != forecast.Omitted && (p.IsZero() || p.Contains(d.Close))
	}
	outside := func(d *forecast.Deal) bool { return !p.IsZero() && !p.Contains(d.Close) }
	put := func(part *forecast.Part, cause forecast.Cause, amount decimal.Decimal, sign int64, a, b *forecast.Deal) {
		part.Deals++
		part.Amount = part.Amount.Add(amount)
		if cause == "" {
			return
		}
		m := forecast.Move{Cause: cause, Amount: amount.Mul(decimal.New(sign, 0))}
		if b != nil {
			m.ID, m.To = b.ID, *b
		}
		if a != nil {
			m.ID, m.From = a.ID, *a
		}
		want.Moves = append(want.Moves, m)
	}
	ids := []string{}
	for _, d := range from.Deals {
		ids = append(ids, d.ID)
	}
	for _, d := range to.Deals {
		if !slices.Contains(ids, d.ID) {
			ids = append(ids, d.ID)
		}
	}
	for _, id := range ids {
		a, b := find(from, id), find(to, id)
		if !in(a) && !in(b) {
			continue
		}
		was, is := a, b
		if a == nil {
			was = b
		}
		if b == nil {
			is = a
		}
		switch {
		case in(a):
			put(&want.Opening, "", was.Amount, 1, a, b)
		case a == nil:
			put(&want.New, forecast.CauseNew, was.Amount, 1, a, b)
		case !open(a):
			put(&want.Reopened, forecast.CauseReopened, was.Amount, 1, a, b)
		case outside(a):
			put(&want.PulledIn, forecast.CausePulledIn, was.Amount, 1, a, b)
		default:
			put(&want.Included, forecast.CauseIncluded, was.Amount, 1, a, b)
		}
		if up := is.Amount.Sub(was.Amount); up.IsPositive() {
			put(&want.Increased, forecast.CauseIncreased, up, 1, a, b)
		} else if up.IsNegative() {
			put(&want.Decreased, forecast.CauseDecreased, up.Neg(), -1, a, b)
		}
		switch {
		case in(b):
			put(&want.Closing, "", is.Amount, 1, a, b)
		case b == nil:
			put(&want.Removed, forecast.CauseRemoved, is.Amount, -1, a, b)
		case b.Status == forecast.Won:
			put(&want.Won, forecast.CauseWon, is.Amount, -1, a, b)
		case b.Status == forecast.Lost:
			put(&want.Lost, forecast.CauseLost, is.Amount, -1, a, b)
		case outside(b):
			put(&want.PushedOut, forecast.CausePushedOut, is.Amount, -1, a, b)
		default:
			put(&want.Omitted, forecast.CauseOmitted, is.Amount, -1, a, b)
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	moved := got.Opening.Amount
	for _, m := range got.Moves {
		moved = moved.Add(m.Amount)
	}
	net := got.Net()
	if !moved.Equal(got.Closing.Amount) || !got.Opening.Amount.Add(net.Amount).Equal(got.Closing.Amount) || got.Opening.Deals+net.Deals != got.Closing.Deals {
		t.Errorf("from %v, moves to %s, net %v, to %v", got.Opening, moved.StringFixed(4), net, got.Closing)
	}
	// The ends are those of the snapshots by themselves.
	for _, end := range []struct {
		s    forecast.Snapshot
		part forecast.Part
	}{{from, got.Opening}, {to, got.Closing}} {
		if cell := dealSummary(t, end.s.Deals, forecast.Query{Period: p}).Open(); cell.Deals != end.part.Deals || !cell.Amount.Equal(end.part.Amount) {
			t.Errorf("as of %s there is %v, want %v", end.s.AsOf, end.part, cell)
		}
	}
}

// In the reverse direction, each part is that of the opposite cause; to itself, a snapshot has none.
func propCompareMirror(t *rapid.T) {
	from, to := dealSnapshots(t)
	p := dealPeriodDrawn(t)
	to.AsOf = from.AsOf
	there, err := forecast.Compare(from, to, p)
	if err != nil {
		t.Fatal(err)
	}
	back, err := forecast.Compare(to, from, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name string
		a, b forecast.Part
	}{
		{"opening", there.Opening, back.Closing},
		{"closing", there.Closing, back.Opening},
		{"new", there.New, back.Removed},
		{"removed", there.Removed, back.New},
		{"pulled in", there.PulledIn, back.PushedOut},
		{"pushed out", there.PushedOut, back.PulledIn},
		{"included", there.Included, back.Omitted},
		{"omitted", there.Omitted, back.Included},
		{"increased", there.Increased, back.Decreased},
		{"decreased", there.Decreased, back.Increased},
		{"reopened", there.Reopened, forecast.Part{Deals: back.Won.Deals + back.Lost.Deals, Amount: back.Won.Amount.Add(back.Lost.Amount)}},
		{"won and lost", forecast.Part{Deals: there.Won.Deals + there.Lost.Deals, Amount: there.Won.Amount.Add(there.Lost.Amount)}, back.Reopened},
	} {
		if !gocmp.Equal(x.a, x.b) {
			t.Errorf("%s: %v there, %v back", x.name, x.a, x.b)
		}
	}
	self, err := forecast.Compare(from, from, p)
	if err != nil {
		t.Fatal(err)
	}
	want := forecast.Bridge{From: from.AsOf, To: from.AsOf, Period: p, Currency: self.Currency, Opening: there.Opening, Closing: there.Opening, Moves: []forecast.Move{}}
	if diff := gocmp.Diff(want, self); diff != "" {
		t.Errorf("to itself (-want +got)\n%s", diff)
	}
}

// The bridges of parts of the deals add up to that of all.
func propCompareAdds(t *rapid.T) {
	from, to := dealSnapshots(t)
	p := dealPeriodDrawn(t)
	whole, err := forecast.Compare(from, to, p)
	if err != nil {
		t.Fatal(err)
	}
	var sum forecast.Bridge
	for _, odd := range []bool{false, true} {
		part := func(s forecast.Snapshot) forecast.Snapshot {
			s.Deals = slices.DeleteFunc(slices.Clone(s.Deals), func(d forecast.Deal) bool { return (d.ID[len(d.ID)-1]%2 == 1) != odd })
			return s
		}
		b, err := forecast.Compare(part(from), part(to), p)
		if err != nil {
			t.Fatal(err)
		}
		if sum, err = sum.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	byDeal := func(a, b forecast.Move) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortStableFunc(whole.Moves, byDeal)
	slices.SortStableFunc(sum.Moves, byDeal)
	if len(sum.Moves) == 0 {
		sum.Moves = []forecast.Move{}
	}
	if diff := gocmp.Diff(whole, sum); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func FuzzDeals_hostile(f *testing.F) { f.Fuzz(rapid.MakeFuzz(propDealsHostile)) }

// Whatever comes in, each function returns, with a result or with an error of the kinds that it names.
func propDealsHostile(t *rapid.T) {
	number := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		exp := rapid.SampledFrom([]int32{0, -2, 18, -18, 19, -19, 36, math.MaxInt32, math.MinInt32, 1_000_000_000, -1_000_000_000}).Draw(t, "exp")
		v := decimal.New(rapid.SampledFrom([]int64{0, 1, -1, 25, math.MaxInt64, math.MinInt64}).Draw(t, "coef"), exp)
		if exp == 0 && rapid.Bool().Draw(t, "long") {
			v = decimal.RequireFromString("1" + strings.Repeat("0", rapid.IntRange(30, 40).Draw(t, "zeros")))
		}
		return v
	})
	word := func(words ...string) string { return rapid.SampledFrom(words).Draw(t, "word") }
	date := func() salesops.Date {
		return rapid.SampledFrom([]salesops.Date{{}, on("2026-01-01"), on("0001-01-01"), on("9999-12-31")}).Draw(t, "date")
	}
	deals := make([]forecast.Deal, rapid.IntRange(0, 4).Draw(t, "deals"))
	for i := range deals {
		deals[i] = forecast.Deal{
			ID: word("", "a", "b", "\xff"), Status: forecast.Status(word("", "open", "won", "lost", "x")), Stage: word("", "s"),
			Category: forecast.Category(word("", "omitted", "commit", "x")), Currency: word("", "EUR"), Amount: number.Draw(t, "amount"), Close: date(),
		}
		if rapid.Bool().Draw(t, "converted") {
			deals[i].FX = &forecast.FX{Rate: number.Draw(t, "rate"), Amount: number.Draw(t, "before")}
		}
	}
	p := salesops.Period{Start: date(), End: date()}
	amount := number.Draw(t, "weight")
	weight := rapid.SampledFrom([]forecast.Weight{
		{},
		forecast.ByStage(map[string]decimal.Decimal{"s": amount}), forecast.ByCategory(map[forecast.Category]decimal.Decimal{"x": amount, "commit": amount}),
		forecast.ByDeal(func(forecast.Deal) (decimal.Decimal, bool) { return amount, true }),
	}).Draw(t, "weight")
	ok := func(what string, err error) {
		var fault *forecast.Error
		if err != nil && (!errors.As(err, &fault) || !errors.Is(err, forecast.ErrInput) && !errors.Is(err, forecast.ErrHierarchy)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	s, err := forecast.Summarize(deals, forecast.Query{Period: p, Weight: weight})
	ok("Summarize", err)
	_, err = s.Add(forecast.Summary{Lost: forecast.Cell{Amount: amount, Weighted: amount}})
	ok("Add", err)
	cell := forecast.Cell{Deals: math.MaxInt, Amount: amount, Weighted: amount}
	made := forecast.Summary{HasWeights: true, Pipeline: cell, BestCase: cell, Commit: cell, Closed: cell}
	made.Cumulative()
	made.Expected()
	_, err = forecast.Convert(deals, word("", "EUR", "USD"), func(string, string, salesops.Date) (decimal.Decimal, bool) { return amount, true })
	ok("Convert", err)
	for _, d := range deals {
		_, err = weight.Of(d)
		ok("Of", err)
	}
	b, err := forecast.Compare(forecast.Snapshot{AsOf: date(), Deals: deals}, forecast.Snapshot{AsOf: date(), Deals: deals[len(deals)/2:]}, p)
	ok("Compare", err)
	_, err = b.Add(forecast.Bridge{Won: forecast.Part{Amount: amount}})
	ok("Add", err)
	forecast.Bridge{New: forecast.Part{Amount: amount}, Won: forecast.Part{Amount: amount}}.Net()
	var nodes []forecast.Node
	var overrides []forecast.Override
	for range rapid.IntRange(0, 4).Draw(t, "nodes") {
		nodes = append(nodes, forecast.Node{ID: word("", "a", "b", "c"), Parent: word("", "a", "b", "x"), Own: number.Draw(t, "own")})
		overrides = append(overrides, forecast.Override{Node: word("", "a", "b"), By: word("", "a", "b"), Amount: number.Draw(t, "stated")})
	}
	_, err = forecast.RollUp(nodes, overrides)
	ok("RollUp", err)
}
