package comp

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// CreditRule says who is credited with which deals: those of a territory, a
// product, a customer, booked in a span of time.
type CreditRule struct {
	// ID names the rule in the credits that it makes ([Credit.Via]).
	ID string `json:"id"`
	// Span limits the rule to deals booked in it; empty: at any time. A change of
	// territory is two rules whose spans meet.
	Span salesops.Period `json:"span,omitzero"`
	// Where picks deals by their tags; empty: all.
	Where Match `json:"where,omitempty"`
	// Splits are the payees of the deal, and their shares.
	Splits []Split `json:"splits"`
	// Stop ends the search: no later rule credits a deal that this one matches.
	Stop bool `json:"stop,omitempty"`
}

// maxRefs is how many steps lead from a row to its booking, at most.
const maxRefs = 8

// Assign credits deals to payees. Each deal is credited by every rule that matches
// it, in the order of the rules, up to one with Stop. The direct shares of all
// these rules together sum to exactly 1, and the amounts are split as by
// [SplitDeal]; overlays come besides. So a first rule may give a territory's owner
// all of a deal, and a later one an overlay to the specialist for the product.
//
// A row with a Ref (an invoice, a payment, a refund) is credited like the booking
// that its Refs lead to, whatever its own date and tags: the rules are matched with
// the date and tags of that booking. So what is paid or taken back reaches everyone
// who was credited, in the same shares.
//
// A payee whom several rules name for a deal gets one direct credit, with the sum
// of the shares and all the rules in Via ("west, security"). Two overlays for one
// payee are an error: it cannot be told whether they add up.
//
// Credits come in the order of the deals, and for each deal in that of the rules and
// their splits; they share the Tags of the deals. Deals that nobody is credited with
// come back in uncredited, in order: those that no rule matches, and rows whose Ref
// leads out of deals. All sums of money are split to the same places, so deals in
// currencies with different smallest units are assigned separately.
//
// It takes O(d × m + r), with m the number of rules that the tag which best tells
// the rules apart leaves for a deal: rules for a thousand territories cost no
// more than a few.
//
// Assign returns an error ([ErrInput]) if:
//   - a rule has no ID or that of another rule, an empty span, a key in Where without
//     values, or splits that SplitDeal would refuse (direct shares may be part of the 1)
//   - a deal is one that SplitDeal would refuse, or has the ID of another deal
//   - Refs lead in a circle, or over more than 8 rows
//   - the direct shares of a deal do not sum to 1, or it has two overlays for a payee
//   - places is not between 0 and 18, or a part is out of bounds
func Assign(deals []Deal, rules []CreditRule, places int32) (credits []Credit, uncredited []Deal, err error) {
	a := assigner{deals: deals, rules: rules}
	a.unit(places)
	a.checkRules()
	a.checkDeals()
	if err := a.err(); err != nil {
		return nil, nil, err
	}
	a.index = indexRules(rules)
	a.known = make(map[string]*division)
	a.found = make([]*division, len(deals))
	made := 0
	for i := range deals {
		if v := a.division(i); v != nil {
			made += len(v.parts)
		}
	}
	if err := a.err(); err != nil {
		return nil, nil, err
	}
	c := cutter{places: places}
	credits = slices.Grow(credits, made)
	for i := range deals {
		d, v := &deals[i], a.division(i)
		if v == nil {
			uncredited = append(uncredited, *d)
			continue
		}
		var field string
		if credits, field = c.cut(credits, d, v); field != "" {
			a.addDeal(d.ID, "deals/"+itoa(i)+"/"+field, "", tooLong)
		}
	}
	if err := a.err(); err != nil {
		return nil, nil, err
	}
	return credits, uncredited, nil
}

// assigner is one run of Assign.
type assigner struct {
	faults
	deals []Deal
	rules []CreditRule
	index ruleIndex
	roots []int32 // the booking of each row; -1: not among the deals
	// found holds the division of each booking, without parts if no rule matches it;
	// known those of the combinations of rules, by their numbers.
	found   []*division
	known   map[string]*division
	matched []int32
	key     []byte
}

func (a *assigner) checkRules() {
	first := make(map[string]int, len(a.rules))
	for i := range a.rules {
		r := &a.rules[i]
		path := "rules/" + itoa(i)
		if r.ID == "" {
			a.add(path+"/id", "", "must not be empty")
		} else if k, ok := first[r.ID]; ok {
			a.add(path+"/id", r.ID, "is the ID of rules/%d too", k)
		} else {
			first[r.ID] = i
		}
		if r.Span.IsEmpty() {
			a.add(path+"/span", r.Span.String(), "holds no day: the end is the day after the last")
		}
		for _, key := range slices.Sorted(maps.Keys(r.Where)) {
			if len(r.Where[key]) == 0 {
				a.add(path+"/where/"+clip(key), "", "lists no value, so that the rule matches nothing")
			}
		}
		if a.splits(path+"/splits", r.Splits) {
			if sum := directShares(r.Splits); sum.Cmp(exact.Int(1)) > 0 {
				a.add(path+"/splits", show(sum.Decimal()), "is the sum of the direct shares; it must be at most 1")
			}
		}
	}
}

// checkDeals checks the deals and finds the booking of each.
func (a *assigner) checkDeals() {
	at := make(map[string]int32, len(a.deals))
	for i := range a.deals {
		d := &a.deals[i]
		a.deal("deals", i, d)
		if d.ID == "" {
			continue
		}
		if k, ok := at[d.ID]; ok {
			a.addDeal(d.ID, "deals/"+itoa(i)+"/id", d.ID, "is the ID of deals/%d too; give each row an ID of its own", k)
			continue
		}
		at[d.ID] = int32(i)
	}
	a.roots = make([]int32, len(a.deals))
	for i := range a.deals {
		root, steps := int32(i), 0
		for root >= 0 && a.deals[root].Ref != "" {
			if steps++; steps > maxRefs {
				a.addDeal(a.deals[i].ID, "deals/"+itoa(i)+"/ref", a.deals[i].Ref, "refers in a circle, or over more than %d rows", maxRefs)
				root = -1
				break
			}
			next, ok := at[a.deals[root].Ref]
			if !ok {
				next = -1
			}
			root = next
		}
		a.roots[i] = root
	}
}

// division returns how a row is divided; nil: nobody is credited with it.
func (a *assigner) division(i int) *division {
	root := a.roots[i]
	if root < 0 {
		return nil
	}
	if a.found[root] == nil {
		a.found[root] = a.match(int(root))
	}
	if v := a.found[root]; len(v.parts) > 0 {
		return v
	}
	return nil
}

// match makes the division of a booking by the rules that match it.
func (a *assigner) match(i int) *division {
	d := &a.deals[i]
	a.matched = a.index.match(a.rules, d, a.matched[:0])
	a.key = a.key[:0]
	for _, r := range a.matched {
		a.key = binary.LittleEndian.AppendUint32(a.key, uint32(r))
	}
	if v := a.known[string(a.key)]; v != nil {
		return v
	}
	v := new(division)
	sound := true
	if len(a.matched) == 0 {
		a.known[""] = v
		return v
	}
	for _, r := range a.matched {
		rule := &a.rules[r]
		if twice, other := v.add(rule.Splits, rule.ID); twice != "" {
			sound = false
			a.addDeal(d.ID, "deals/"+itoa(i), "", "has two overlays for %s, by the rules %s and %s; set Stop, or narrow one of them", clip(twice), clip(other), clip(rule.ID))
		}
	}
	if v.whole.Cmp(exact.Int(1)) != 0 {
		sound = false
		a.addDeal(d.ID, "deals/"+itoa(i), show(v.whole.Decimal()), "is the sum of its direct shares, by %s; it must be exactly 1", a.shares())
	}
	if sound {
		a.known[string(a.key)] = v
	}
	return v
}

// shares tells the direct shares of the rules that match.
func (a *assigner) shares() string {
	const most = 6
	var b strings.Builder
	for n, r := range a.matched {
		if n > 0 {
			b.WriteString(" + ")
		}
		if n == most {
			b.WriteString("… (" + itoa(len(a.matched)) + " rules)")
			break
		}
		rule := &a.rules[r]
		b.WriteString(clip(rule.ID) + " " + show(directShares(rule.Splits).Decimal()))
	}
	return b.String()
}
