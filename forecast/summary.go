package forecast

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
)

// Query says which deals a summary counts, and how it weighs them. The zero Query counts all deals and weighs none.
type Query struct {
	// Period holds the deals that count: those with Close in it. The zero Period counts every deal, also one without a
	// date; an empty period counts none.
	Period salesops.Period `json:"period,omitzero"`
	// Weight gives the weighted amounts. With the zero Weight a summary has none.
	Weight Weight `json:"-"`
}

// Summary is the forecast of a list of deals by column. Each deal is in one of the cells: by its status if it is won or
// lost, otherwise by its category. [Summary.Cumulative] gives the columns that include the more certain ones.
type Summary struct {
	// Currency is that of the amounts; "" if the deals have none, or there are none.
	Currency string `json:"currency,omitempty"`
	// HasWeights says whether the weighted amounts are set. They are not, and are zero, when the query has no weight.
	HasWeights bool `json:"hasWeights,omitempty"`
	// Omitted are the open deals that are left out of the forecast; they weigh nothing.
	Omitted Cell `json:"omitted"`
	// Pipeline are the open deals of category [InPipeline] alone.
	Pipeline Cell `json:"pipeline"`
	// BestCase are the open deals of that category alone.
	BestCase Cell `json:"bestCase"`
	// MostLikely are the open deals of that category alone.
	MostLikely Cell `json:"mostLikely"`
	// Commit are the open deals of that category alone.
	Commit Cell `json:"commit"`
	// Closed are the deals that are won. They weigh 1: Weighted is Amount.
	Closed Cell `json:"closed"`
	// Lost are the deals that are lost; they weigh nothing.
	Lost Cell `json:"lost"`
}

// Cell is the total of some deals.
type Cell struct {
	// Deals is how many there are.
	Deals int `json:"deals"`
	// Amount is the sum of their amounts, exactly.
	Amount decimal.Decimal `json:"amount"`
	// Weighted is the sum of their amounts times their weights, exactly: nothing is rounded.
	Weighted decimal.Decimal `json:"weighted,omitzero"`
}

// Summarize returns the totals of the deals by column, and of these times their weights. Nothing is rounded, so the
// summaries of the parts of a list, however it is cut, add up to that of the whole.
//
// A deal that closes outside the period is passed over, and nothing else of it is read. IDs are not compared: a deal that
// is there twice counts twice. Won deals have the weight 1, lost and omitted ones 0.
//
// Summarize returns an error ([ErrInput]) if:
//   - the period ends before it starts, or is not zero and a deal has no Close
//   - the status of a deal is unknown, or it is open and its category is
//   - an amount is out of bounds: an exponent beyond ±18 or more than 36 digits
//   - two deals that count have different currencies, one of which may be ""
//   - there is a weight, and none from 0 to 1 for an open deal that is not omitted; or any weight of its table is not
//     from 0 to 1
//
// It takes O(n) time for n deals, and no memory for each.
func Summarize(deals []Deal, q Query) (Summary, error) {
	s := newSummarizer(&q)
	var t totals
	for i := range deals {
		if c, ok := s.counts(i, &deals[i]); ok {
			s.count(&t, i, &deals[i], c)
		}
	}
	sum := s.summary(&t)
	if err := s.err(); err != nil {
		return Summary{}, err
	}
	return sum, nil
}

// Group is the summary of the deals that share a key.
type Group[K cmp.Ordered] struct {
	// Key is what the deals share: a stage, an owner, a fiscal quarter.
	Key K `json:"key"`
	// Summary is that of the deals.
	Summary Summary `json:"summary"`
}

// SummarizeBy returns the summary of each group of deals, in the order of their keys. The function key names the group of
// a deal: its stage, owner or currency, the fiscal quarter in which it closes ([salesops.Calendar.Name]), or any other
// one. It is called once for each deal that counts. The groups add up to the [Summarize] of all deals.
//
// Deals of different groups may have different currencies. SummarizeBy returns an error ([ErrInput]) where Summarize
// does, and if a key is not a number (NaN). It takes O(n + g log g) time for n deals in g groups.
func SummarizeBy[K cmp.Ordered](deals []Deal, q Query, key func(Deal) K) ([]Group[K], error) {
	s := newSummarizer(&q)
	if key == nil {
		s.add(ErrInput, "", "key", "", "must be set")
		return nil, s.err()
	}
	var of []totals // the groups
	groups := []Group[K]{}
	index := map[K]int{}
	at := -1 // the group of the deal before
	for i := range deals {
		d := &deals[i]
		c, ok := s.counts(i, d)
		if !ok {
			continue
		}
		k := key(*d)
		if at < 0 || groups[at].Key != k {
			var known bool
			if at, known = index[k]; !known {
				at = len(groups)
				groups = append(groups, Group[K]{Key: k})
				of = append(of, totals{})
				index[k] = at
				if k != k {
					s.bad(i, d, "key", "", "must not be NaN, which equals no other key")
				}
			}
		}
		s.count(&of[at], i, d, c)
	}
	for i := range groups {
		groups[i].Summary = s.summary(&of[i])
	}
	if err := s.err(); err != nil {
		return nil, err
	}
	slices.SortFunc(groups, func(a, b Group[K]) int { return cmp.Compare(a.Key, b.Key) })
	return groups, nil
}

// cells are those of a summary, by column.
func (s *Summary) cells() [columns]*Cell {
	return [columns]*Cell{
		omitted: &s.Omitted, pipeline: &s.Pipeline, bestCase: &s.BestCase, mostLikely: &s.MostLikely, commit: &s.Commit,
		closed: &s.Closed, lost: &s.Lost,
	}
}

// deals is how many deals there are in a summary.
func (s *Summary) deals() (n int) {
	for _, cell := range s.cells() {
		n += cell.Deals
	}
	return n
}

// plus is the total of two cells.
func (c Cell) plus(o Cell) Cell {
	return Cell{c.Deals + o.Deals, totalOf(c.Amount, o.Amount), totalOf(c.Weighted, o.Weighted)}
}
