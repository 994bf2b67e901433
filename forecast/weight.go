package forecast

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Weight is the probability by which open deals count in a weighted pipeline: a table by stage or by category, or any
// function. It speaks of open deals alone: by construction a won deal weighs 1, a lost one 0 and an omitted one 0.
// The zero Weight gives no weights. A Weight is immutable, and safe for concurrent use if its function is.
type Weight struct {
	kind       weightKind
	stages     map[string]decimal.Decimal
	categories map[Category]decimal.Decimal
	deal       func(Deal) (decimal.Decimal, bool)
}

type weightKind int8

const (
	noWeight weightKind = iota
	byStage
	byCategory
	byDeal
)

// ByStage returns the weight that depends on the stage alone, as that of most CRMs does. Each weight is from 0 to 1. A
// deal in a stage that is not in the table is an error where the weight is used, and so is a weight that is not from 0 to
// 1. The table is copied.
func ByStage(weights map[string]decimal.Decimal) Weight {
	return Weight{kind: byStage, stages: maps.Clone(weights)}
}

// ByCategory returns the weight that depends on the forecast category alone. Each weight is from 0 to 1; [Omitted] is not
// in the table, or 0. A deal in a category that is not in the table is an error where the weight is used, and so is a
// weight that is not from 0 to 1. The table is copied.
func ByCategory(weights map[Category]decimal.Decimal) Weight {
	return Weight{kind: byCategory, categories: maps.Clone(weights)}
}

// ByDeal returns the weight that a function gives to a deal: from 0 to 1, or false if it has none for the deal, which is
// an error where the weight is used, as one that is not from 0 to 1 is. The function is called once for each open deal
// that is not omitted, in their order. A nil function gives the zero Weight.
func ByDeal(weight func(Deal) (decimal.Decimal, bool)) Weight {
	if weight == nil {
		return Weight{}
	}
	return Weight{kind: byDeal, deal: weight}
}

// Of returns the weight of one deal: 1 if it is won, 0 if it is lost or omitted. O(k) for a table of k weights, all of
// which are checked.
//
// Of returns an error ([ErrInput]) if:
//   - the status is unknown, or the deal is open and its category is
//   - the deal is open and not omitted, and has no weight, or one that is not from 0 to 1
//   - a weight of the table is not from 0 to 1, or is that of no category
func (w Weight) Of(d Deal) (decimal.Decimal, error) {
	f := dealFaults{path: "deals"}
	s := w.scale(&f.faults)
	c := d.column()
	var of small
	switch {
	case c == unknown:
		f.unknown(0, &d)
	case c == closed:
		of.coef = 1
	case c.open() && w.kind == noWeight:
		f.bad(0, &d, "weight", "", "is asked of the zero Weight, which has none")
	case c.open():
		of, _ = s.of(&f, 0, &d, c)
	}
	if err := f.err(); err != nil {
		return decimal.Decimal{}, err
	}
	return decimalOf(of.num()), nil
}

// scale is a Weight made ready for many deals.
type scale struct {
	Weight
	byStage  map[string]small
	byColumn [columns]small
	known    [columns]bool
	recent   [64]struct { // the stages of deals before, see stage
		stage string
		of    small
		set   bool
	}
}

// scale checks the tables.
func (w Weight) scale(f *faults) *scale {
	s := &scale{Weight: w}
	if w.kind == byStage {
		s.byStage = make(map[string]small, len(w.stages))
	}
	places := max(mostPlaces(w.stages), mostPlaces(w.categories))
	for _, stage := range slices.Sorted(maps.Keys(w.stages)) {
		d := w.stages[stage]
		n, fault := weightOf(d)
		if fault != "" {
			f.add(ErrInput, "", "weight/"+clip(stage), shortened(d), fault)
		}
		s.byStage[stage] = n.alike(places)
	}
	for _, category := range slices.Sorted(maps.Keys(w.categories)) {
		d := w.categories[category]
		n, fault := weightOf(d)
		c := category.column()
		switch {
		case fault != "":
		case c == unknown:
			fault = "is the weight of something that is not a category"
		case c == omitted && n.coef != 0:
			fault = "must be 0 or absent, as omitted deals weigh nothing"
		case s.known[c]:
			fault = `is a second weight: "" and "pipeline" are the same category`
		}
		if fault != "" {
			f.add(ErrInput, "", "weight/"+clip(string(category)), shortened(d), fault)
			if c != unknown {
				s.known[c] = true // the deals in it are not at fault
			}
			continue
		}
		s.byColumn[c], s.known[c] = n.alike(places), true
	}
	return s
}

// weightOf returns a weight, or says what is wrong with it.
func weightOf(d decimal.Decimal) (n small, fault string) {
	if n, ok := smallOf(d); ok && n.coef >= 0 && n.num().Cmp(exact.Int(1)) <= 0 {
		return n, ""
	}
	if !exact.Bounded(d) {
		return n, outOfBounds
	}
	if d.IsZero() {
		return small{}, ""
	}
	return small{}, "is not a weight: it must be from 0 to 1"
}

// mostPlaces is the greatest number of decimal places in a table, without those that are out of bounds.
func mostPlaces[K comparable](table map[K]decimal.Decimal) int32 {
	var places int32
	for _, d := range table {
		if exp := d.Exponent(); exp >= -18 {
			places = max(places, -exp)
		}
	}
	return places
}

// alike returns a weight with so many decimal places: then its products with amounts that have equally many decimal
// places do too, and add up faster.
func (n small) alike(places int32) small {
	for n.exp > -places && n.coef != 0 {
		n = small{n.coef * 10, n.exp - 1}
	}
	return n
}

// of returns the weight of a deal in a column of open deals. It is false if there is none, which is told of.
func (s *scale) of(f *dealFaults, i int, d *Deal, c column) (n small, ok bool) {
	switch s.kind {
	case byStage:
		n, ok = s.stage(d.Stage)
		if !ok {
			f.bad(i, d, "stage", d.Stage, "has no weight in the table")
		}
	case byCategory:
		n, ok = s.byColumn[c], s.known[c]
		if !ok {
			f.bad(i, d, "category", string(d.Category), "has no weight in the table")
		}
	case byDeal:
		return s.ofDeal(f, i, d)
	case noWeight:
		ok = true
	}
	return n, ok
}

func (s *scale) ofDeal(f *dealFaults, i int, d *Deal) (n small, ok bool) {
	of, ok := s.deal(*d)
	if !ok {
		f.bad(i, d, "weight", "", "is missing: the function of the query has none for the deal")
		return n, false
	}
	n, fault := weightOf(of)
	if fault != "" {
		f.bad(i, d, "weight", shortened(of), fault)
	}
	return n, fault == ""
}

// stage looks up a weight. There are few stages, so one that was seen before is at the place that its length and
// letters lead to, unless another one has come there.
func (s *scale) stage(stage string) (n small, ok bool) {
	var at uint8
	if last := len(stage) - 1; last >= 0 {
		at = uint8(last) + 7*stage[0] + 31*stage[last]
	}
	r := &s.recent[at%uint8(len(s.recent))]
	if r.set && r.stage == stage {
		return r.of, true
	}
	if n, ok = s.byStage[stage]; ok {
		r.stage, r.of, r.set = stage, n, true
	}
	return n, ok
}
