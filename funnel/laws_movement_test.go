package funnel_test

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// movPosition draws what a deal is, with a due date around the quarter, and an amount of any sign, size and exponent, one of a
// few so that it often stays the same.
func movPosition(id string) *rapid.Generator[funnel.Position] {
	return rapid.Custom(func(t *rapid.T) funnel.Position {
		return funnel.Position{
			ID: id, Currency: "EUR",
			Status: rapid.SampledFrom([]funnel.Exit{"", funnel.Open, funnel.Open, funnel.Won, funnel.Lost, funnel.Left}).Draw(t, "status"),
			Amount: movAmount().Draw(t, "amount"),
			Due: rapid.SampledFrom([]salesops.Date{
				on("2026-03-31"), on("2026-04-01"), on("2026-05-15"), on("2026-06-30"), on("2026-07-01"),
			}).Draw(t, "due"),
			Group: rapid.SampledFrom([]string{"", "ana", "bo"}).Draw(t, "group"),
		}
	})
}

func movAmount() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			return decimal.New(rapid.Int64Range(math.MaxInt64-2, math.MaxInt64).Draw(t, "coefficient"), rapid.Int32Range(-18, 17).Draw(t, "exponent"))
		case 1:
			return decimal.New(rapid.Int64Range(-200, -1).Draw(t, "coefficient"), -2)
		case 2, 3:
			return decimal.New(rapid.Int64Range(0, 1e9).Draw(t, "coefficient"), rapid.Int32Range(-3, 3).Draw(t, "exponent"))
		}
		return []decimal.Decimal{{}, d("100"), d("100.00"), decimal.New(1, 2), d("250.5")}[rapid.IntRange(0, 4).Draw(t, "usual")]
	})
}

// movSnapshot draws what the first deals are at one time, in any order; some do not exist.
func movSnapshot(deals int, name string) *rapid.Generator[[]funnel.Position] {
	return rapid.Custom(func(t *rapid.T) []funnel.Position {
		out := []funnel.Position{}
		for i := range deals {
			if rapid.IntRange(0, 5).Draw(t, "exists") > 0 {
				out = append(out, movPosition("deal "+strconv.Itoa(i)).Draw(t, name))
			}
		}
		return rapid.Permutation(out).Draw(t, "order")
	})
}

func movScope() *rapid.Generator[salesops.Period] {
	return rapid.SampledFrom([]salesops.Period{{}, movQuarter()})
}

func movCompare(t rapid.TB, scope salesops.Period, before, after []funnel.Position) funnel.Waterfall {
	w, err := funnel.Compare(scope, before, after)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func movBytes(t rapid.TB, m funnel.Movement) []byte {
	data, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func movSame(t rapid.TB, what string, want, got funnel.Movement) {
	t.Helper()
	if !bytes.Equal(movBytes(t, want), movBytes(t, got)) {
		t.Errorf("%s (-want +got)\n%s", what, gocmp.Diff(want, got))
	}
}

// Every part, in total and by group, is what its definition says, and the parts balance.
func TestCompare_oracle_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scope := movScope().Draw(t, "scope")
		before, after := movSnapshot(12, "before").Draw(t, "before"), movSnapshot(12, "after").Draw(t, "after")
		keep := [][]funnel.Position{slices.Clone(before), slices.Clone(after)}
		w := movCompare(t, scope, before, after)
		total, groups := movNaive(scope, before, after)
		if diff := gocmp.Diff(total, movSums(w.Total)); diff != "" {
			t.Errorf("total (-want +got)\n%s", diff)
		}
		got := map[string]map[string]movSum{}
		for i, g := range w.Groups {
			got[g.Group] = movSums(g.Movement)
			if i > 0 && w.Groups[i-1].Group >= g.Group {
				t.Errorf("group %q after %q", g.Group, w.Groups[i-1].Group)
			}
		}
		if diff := gocmp.Diff(groups, got); diff != "" {
			t.Errorf("groups (-want +got)\n%s", diff)
		}
		for _, m := range append([]funnel.GroupMovement{{Movement: w.Total}}, w.Groups...) {
			if b := m.Movement.Balance(); b.Count != 0 || !b.Amount.IsZero() {
				t.Errorf("%q: Balance %d, %s", m.Group, b.Count, movText(b.Amount))
			}
		}
		if diff := gocmp.Diff(keep, [][]funnel.Position{before, after}); diff != "" {
			t.Errorf("the snapshots were changed\n%s", diff)
		}
	})
}

// Compare is Classify of each deal; what it leaves out of the changes is at both ends, unchanged.
func TestCompare_Classify_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scope := movScope().Draw(t, "scope")
		before, after := movSnapshot(8, "before").Draw(t, "before"), movSnapshot(8, "after").Draw(t, "after")
		w := movCompare(t, scope, before, after)
		find := func(list []funnel.Position, id string) *funnel.Position {
			for i := range list {
				if list[i].ID == id {
					return &list[i]
				}
			}
			return nil
		}
		var each, split, bulk funnel.Movement
		var idle, told int
		for i := range 8 {
			id := "deal " + strconv.Itoa(i)
			c, err := funnel.Classify(scope, find(before, id), find(after, id))
			if err != nil {
				t.Fatal(err)
			}
			from, to := c.Split()
			if from.EntryGroup != from.ExitGroup || to.EntryGroup != to.ExitGroup {
				t.Errorf("%v: the sides %v and %v are not each of one group", c, from, to)
			}
			for _, err := range []error{each.Add(c), split.Add(from), split.Add(to)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			p := slices.IndexFunc(w.Changes, func(o funnel.Change) bool { return o.ID == id })
			switch {
			case p >= 0:
				told++
				if diff := gocmp.Diff(c, w.Changes[p]); diff != "" {
					t.Errorf("change (-want +got)\n%s", diff)
				}
			case c.Entry != "":
				idle++
				one := funnel.Movement{Currency: "EUR", Start: funnel.Part{Count: 1, Amount: c.EntryAmount}, End: funnel.Part{Count: 1, Amount: c.EntryAmount}}
				var m funnel.Movement
				if err := m.Add(c); err != nil {
					t.Fatal(err)
				}
				movSame(t, "a deal that is not in the changes", one, m)
				if find(before, id).Group != find(after, id).Group {
					t.Errorf("%v is not in the changes", c)
				}
			}
		}
		if err := bulk.Add(w.Changes...); err != nil {
			t.Fatal(err)
		}
		movSame(t, "changes one by one", w.Total, each)
		movSame(t, "changes by group", w.Total, split)
		if told != len(w.Changes) || bulk.Start.Count+int64(idle) != w.Total.Start.Count {
			t.Errorf("%d changes of %d deals, %d of %d were there at the start and %d did nothing", len(w.Changes), told, bulk.Start.Count, w.Total.Start.Count, idle)
		}
	})
}

// The groups sum up to the total, in which what is transferred in is what is transferred out. A rolling pipeline has nothing
// pulled in or pushed out.
func TestCompare_groups_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scope := movScope().Draw(t, "scope")
		w := movCompare(t, scope, movSnapshot(12, "before").Draw(t, "before"), movSnapshot(12, "after").Draw(t, "after"))
		var sum funnel.Movement
		for _, g := range w.Groups {
			if err := sum.Merge(&g.Movement); err != nil {
				t.Fatal(err)
			}
		}
		movSame(t, "sum of the groups", w.Total, sum)
		if diff := gocmp.Diff(w.Total.TransferredIn, w.Total.TransferredOut); diff != "" {
			t.Errorf("transferred (-in +out)\n%s", diff)
		}
		if n := w.Total.PulledIn.Count + w.Total.PushedOut.Count; scope.IsZero() && n != 0 {
			t.Errorf("rolling: %d deals pulled in or pushed out", n)
		}
	})
}

// The end of a stretch of time is the start of the next, in total and by group.
func TestCompare_telescopes_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scope := movScope().Draw(t, "scope")
		a, b, c := movSnapshot(10, "a").Draw(t, "a"), movSnapshot(10, "b").Draw(t, "b"), movSnapshot(10, "c").Draw(t, "c")
		first, second := movCompare(t, scope, a, b), movCompare(t, scope, b, c)
		if diff := gocmp.Diff(first.Total.End, second.Total.Start); diff != "" {
			t.Errorf("total (-end +start)\n%s", diff)
		}
		ends := map[string]funnel.Part{}
		for _, g := range first.Groups {
			ends[g.Group] = g.Movement.End
		}
		for _, g := range second.Groups {
			if diff := gocmp.Diff(ends[g.Group], g.Movement.Start); diff != "" {
				t.Errorf("group %q (-end +start)\n%s", g.Group, diff)
			}
			delete(ends, g.Group)
		}
		for group, end := range ends {
			if end.Count != 0 {
				t.Errorf("group %q ends with %d deals and does not start with any", group, end.Count)
			}
		}
	})
}

// Deals that are in the pipeline at both ends do the reverse when time runs backward: what increased decreased, what was
// transferred in was transferred out.
func TestCompare_reverse_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scope := movScope().Draw(t, "scope")
		var before, after []funnel.Position
		for i := range rapid.IntRange(0, 10).Draw(t, "deals") {
			for _, list := range []*[]funnel.Position{&before, &after} {
				p := movPosition("deal "+strconv.Itoa(i)).Draw(t, "position")
				p.Status, p.Due = funnel.Open, on("2026-04-01").AddDays(rapid.IntRange(0, 90).Draw(t, "due"))
				*list = append(*list, p)
			}
		}
		forth, back := movCompare(t, scope, before, after), movCompare(t, scope, after, before)
		mirror := func(m funnel.Movement) funnel.Movement {
			m.Start, m.End = m.End, m.Start
			m.Increased, m.Decreased = m.Decreased, m.Increased
			m.TransferredIn, m.TransferredOut = m.TransferredOut, m.TransferredIn
			return m
		}
		// A transfer takes place at the earlier amount, forth as back: by group the amounts differ by the increase.
		noTransfers := func(m funnel.Movement) funnel.Movement {
			m.TransferredIn, m.TransferredOut = funnel.Part{}, funnel.Part{}
			return m
		}
		if diff := gocmp.Diff(noTransfers(mirror(forth.Total)), noTransfers(back.Total)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		for i, g := range back.Groups {
			if f := forth.Groups[i].Movement; f.TransferredIn.Count != g.Movement.TransferredOut.Count || f.TransferredOut.Count != g.Movement.TransferredIn.Count {
				t.Errorf("%q: transferred in %d and out %d forth, %d and %d back", g.Group, f.TransferredIn.Count, f.TransferredOut.Count, g.Movement.TransferredIn.Count, g.Movement.TransferredOut.Count)
			}
		}
	})
}

// Deals that do not change are at the start and at the end and nowhere else.
func TestCompare_unchanged_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scope := movScope().Draw(t, "scope")
		deals := movSnapshot(12, "deal").Draw(t, "deals")
		w := movCompare(t, scope, deals, rapid.Permutation(deals).Draw(t, "after"))
		for name, p := range movParts(w.Total) {
			if p.Count != 0 && name != "start" && name != "end" {
				t.Errorf("%s: %d deals", name, p.Count)
			}
		}
		if diff := gocmp.Diff(w.Total.Start, w.Total.End); diff != "" || len(w.Changes) > 0 {
			t.Errorf("%d changes, (-start +end)\n%s", len(w.Changes), diff)
		}
	})
}

// Shards of the deals, merged in any order and grouping, are the whole to the byte; taken away again nothing is left of them.
func TestMovement_Merge_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scope := movScope().Draw(t, "scope")
		before, after := movSnapshot(12, "before").Draw(t, "before"), movSnapshot(12, "after").Draw(t, "after")
		whole := movCompare(t, scope, before, after).Total
		const shards = 3
		var b, a [shards][]funnel.Position
		shard := map[string]int{}
		for _, list := range []struct {
			from []funnel.Position
			to   *[shards][]funnel.Position
		}{{before, &b}, {after, &a}} {
			for _, p := range list.from {
				if _, ok := shard[p.ID]; !ok {
					shard[p.ID] = rapid.IntRange(0, shards-1).Draw(t, "shard")
				}
				list.to[shard[p.ID]] = append(list.to[shard[p.ID]], p)
			}
		}
		var part [shards]funnel.Movement
		for i := range part {
			part[i] = movCompare(t, scope, b[i], a[i]).Total
		}
		merge := func(list ...funnel.Movement) funnel.Movement {
			var m funnel.Movement
			for i := range list {
				if err := m.Merge(&list[i]); err != nil {
					t.Fatal(err)
				}
			}
			return m
		}
		movSame(t, "a+b+c", whole, merge(part[0], part[1], part[2]))
		movSame(t, "c+b+a", whole, merge(part[2], part[1], part[0]))
		movSame(t, "b+(c+a)", whole, merge(part[1], merge(part[2], part[0])))
		movSame(t, "whole+nothing", whole, merge(whole, funnel.Movement{}, merge()))

		rest := whole
		for i, want := range []funnel.Movement{merge(part[1], part[2]), part[2], {}} {
			if err := rest.Sub(&part[i]); err != nil {
				t.Fatal(err)
			}
			movSame(t, "what is left", want, rest)
		}
		twice := merge(whole, whole)
		self := whole
		if err := self.Merge(&self); err != nil {
			t.Fatal(err)
		}
		movSame(t, "merged with itself", twice, self)
		if err := self.Sub(&self); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(funnel.Movement{}, self); diff != "" {
			t.Errorf("less itself (-want +got)\n%s", diff)
		}
	})
}

// A movement that is written and read is the same, and merges with live ones; the JSON of equal ones is equal.
func TestMovement_encoding_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := movCompare(t, movScope().Draw(t, "scope"), movSnapshot(6, "before").Draw(t, "before"), movSnapshot(6, "after").Draw(t, "after"))
		text, err := json.Marshal(w)
		if err != nil {
			t.Fatal(err)
		}
		var back funnel.Waterfall
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(w, back); diff != "" {
			t.Errorf("JSON (-want +got)\n%s", diff)
		}
		again, err := json.Marshal(back.Total)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, again) {
			t.Errorf("JSON of the total, read and written again:\n%s\nwant it as in\n%s", again, text)
		}
		data := movBytes(t, w.Total)
		got := back.Total
		if err := got.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		movSame(t, "binary", w.Total, got)
		sum, want := w.Total, w.Total
		if err := sum.Merge(&got); err != nil {
			t.Fatal(err)
		}
		if err := want.Merge(&want); err != nil {
			t.Fatal(err)
		}
		movSame(t, "merged with what was read", want, sum)
	})
}

// Classify and many changes at once need no memory for a deal; a single Add needs some for the sums.
func TestMovement_allocations(t *testing.T) {
	before, after := movBook(1000)
	if got := testing.AllocsPerRun(10, func() {
		for i := range 900 {
			if _, err := funnel.Classify(movQuarter(), &before[i], nil); err != nil {
				t.Fatal(err)
			}
			if _, err := funnel.Classify(movQuarter(), nil, &after[i]); err != nil {
				t.Fatal(err)
			}
		}
	}); got != 0 {
		t.Errorf("Classify: %g allocations for 1,800 deals, want 0", got)
	}
	w, err := funnel.Compare(salesops.Period{}, nil, after)
	if err != nil {
		t.Fatal(err)
	}
	allocs := func(changes []funnel.Change) float64 {
		return testing.AllocsPerRun(10, func() {
			var m funnel.Movement
			if err := m.Add(changes...); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocs(w.Changes[:100]), allocs(w.Changes); many > few {
		t.Errorf("Add: %g allocations for %d changes, %g for 100", many, len(w.Changes), few)
	}
}
