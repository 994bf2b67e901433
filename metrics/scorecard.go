package metrics

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
)

// Scorecard counts all that the KPIs of a sales team need in one pass over the rows: deals open and closed, quotas, leads,
// activities, days worked, the reps themselves. Every KPI that the rows allow is then read by its [ID], for everybody or for any
// rep, team, segment and period ([Scorecard.All], [Slice.Figure]), also after the fact: rows need not be kept.
//
//	var card metrics.Scorecard
//	for _, d := range deals {
//		err := card.AddDeal(d)
//	}
//	f, err := card.All().Figure(metrics.WinRate, metrics.Options{})
//
// What is counted is exact and does not depend on the order of the rows; only quantiles of more than 4,096 amounts are
// approximate ([Sample]). The zero value follows the zero [Rules], holds nothing, and is the identity of [Scorecard.Merge]: cards
// of days, regions or machines merge into the card of the whole. Add each row once: a card does not keep what it has seen.
//
// A card takes memory for each rep, team, segment and period in which there is anything: some 300 bytes, 16 for each different
// number of days, and 24 for each won deal, up to 4,096 of them. It must not be copied once in use, nor used from several goroutines
// while one of them changes it.
type Scorecard struct {
	rules    Rules
	started  bool          // rules are in force
	today    salesops.Date // of the rules
	currency string
	priced   bool  // an amount was added, and the currency is that of all
	rows     int64 // how much is counted: no count is greater
	names    names
	groups   map[whose]*group
	quotas   map[whose][]quotaSum // by period
	reps     map[repKey]struct{}  // the roster
	recent   []recentGroup
}

// NewScorecard returns an empty card that follows the rules.
//
// NewScorecard returns an error ([ErrInput]) if:
//   - the unit is not one
//   - the calendar has a fault
//   - AsOf is not in the years 1 to 9999, or its zone is not one of whole minutes within 24 hours of UTC, as JSON has it
func NewScorecard(r Rules) (*Scorecard, error) {
	var f faults
	r = r.orDefault(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	r.Calendar.Holidays = append([]salesops.Date(nil), r.Calendar.Holidays...)
	r.Calendar.Weekend = slices.Clone(r.Calendar.Weekend)
	c := new(Scorecard)
	c.follow(r)
	return c, nil
}

// Rules returns the rules that the card follows.
func (c *Scorecard) Rules() Rules {
	if !c.started {
		return Rules{Unit: salesops.Month}
	}
	return c.rules
}

// begin puts the zero Rules in force unless others are.
func (c *Scorecard) begin() {
	if !c.started {
		c.follow(Rules{Unit: salesops.Month})
	}
}

// follow puts rules in force.
func (c *Scorecard) follow(r Rules) { c.rules, c.today, c.started = r, salesops.DateOf(r.AsOf), true }

// isEmpty reports whether nothing was added.
func (c *Scorecard) isEmpty() bool {
	return len(c.groups) == 0 && len(c.quotas) == 0 && len(c.reps) == 0
}

// who are the names of a row.
type who struct{ owner, team, segment string }

// whose returns the numbers of names.
func (c *Scorecard) whose(w who) whose {
	return whose{c.names.of(w.owner), c.names.of(w.team), c.names.of(w.segment)}
}

// names numbers names, so that cells compare numbers. "" is number 0.
type names struct {
	number map[string]int32
	text   []string
}

// maxNames is how many different names a card may hold.
const maxNames = 1<<31 - 1

// find returns the number of a name, -1 if it has none.
func (n *names) find(name string) int32 {
	if name == "" {
		return 0
	}
	if i, ok := n.number[name]; ok {
		return i
	}
	return -1
}

// of returns the number of a name, which is valid UTF-8 or has a number already.
func (n *names) of(name string) int32 {
	if i := n.find(name); i >= 0 {
		return i
	}
	if n.number == nil {
		n.number, n.text = map[string]int32{}, []string{""}
	}
	i := int32(len(n.text))
	n.number[name] = i
	n.text = append(n.text, name)
	return i
}

// name returns the name of a number.
func (n *names) name(i int32) string {
	if i == 0 {
		return ""
	}
	return n.text[i]
}

// check tells what is wrong with a name.
func (n *names) check(f *faults, id, path, name string) {
	if name == "" {
		return
	}
	if _, known := n.number[name]; known {
		return
	}
	if !utf8.ValidString(name) {
		f.add(ErrInput, id, path, name, "must be valid UTF-8")
	}
	if len(n.text) >= maxNames {
		f.add(ErrInput, id, path, name, "is one more than the "+strconv.Itoa(maxNames)+" different names that there may be")
	}
}

// checkWho tells what is wrong with the names of a row.
func (c *Scorecard) checkWho(f *faults, id string, w who) {
	c.names.check(f, id, "owner", w.owner)
	c.names.check(f, id, "team", w.team)
	c.names.check(f, id, "segment", w.segment)
}

// checkCurrency tells of a row in another currency than those before.
func (c *Scorecard) checkCurrency(f *faults, id, currency string) {
	if c.priced && currency != c.currency {
		f.add(ErrInput, id, "currency", currency, "is not "+quoted(c.currency)+", that of the rows before: convert to one currency first")
	} else if !utf8.ValidString(currency) {
		f.add(ErrInput, id, "currency", currency, "must be valid UTF-8")
	}
}

// pay notes the currency of a row.
func (c *Scorecard) pay(currency string) { c.currency, c.priced = currency, true }

// known tells of a date after the day on which all is known.
func (c *Scorecard) known(f *faults, id, path string, day salesops.Date) {
	if today := c.today; !today.IsZero() && day.After(today) {
		f.add(ErrInput, id, path, day.String(), "is after "+today.String()+", the day as of which all is known: leave the row out, or pass it as it was then")
	}
}

// room tells of a row that would count more than there may be.
func (c *Scorecard) room(f *faults, id string, n int64) {
	if n > maxRows-c.rows {
		f.add(ErrInput, id, "", "", "makes the card count more than 2^61")
	}
}

// add adds to a sum, in place.
func add(to *exact.Num, n exact.Num) { *to = to.Add(n) }
