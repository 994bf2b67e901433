package metrics

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/wire"
)

// The binary form: head, the rules as JSON, the currency, the names in order, and then, by the numbers of the names and in
// order, cells, quotas and reps.
const (
	cardKind    = 'C'
	cardVersion = 1
)

// The faults of a text.
var (
	errNames  = errors.New("has names that are not in order, not valid or not used")
	errOrder  = errors.New("has cells, quotas or reps that are not in order")
	errFacts  = errors.New("has counts that do not fit each other")
	errAmount = errors.New("has an amount that is out of bounds")
	errRules  = errors.New("has rules that are none")
	errPeriod = errors.New("has a period that does not fit the rules")
)

// MarshalBinary returns the binary form of the card, the same for equal contents, however they were added. The Clock of the rules
// is not in it.
func (c Scorecard) MarshalBinary() ([]byte, error) {
	return c.settled().marshal()
}

func (c *Scorecard) marshal() ([]byte, error) {
	b := wire.Head(nil, cardKind, cardVersion)
	if c.isEmpty() {
		return wire.String(b, ""), nil
	}
	rules, err := json.Marshal(c.rules)
	if err != nil {
		return nil, &Error{Path: "rules", Msg: "have no JSON: " + err.Error(), Err: ErrInput}
	}
	b = wire.String(b, string(rules))
	priced := uint64(0)
	if c.priced {
		priced = 1
	}
	b = wire.String(wire.Uint(b, priced), c.currency)
	order, as := c.names.sorted()
	b = wire.Uint(b, uint64(len(order)))
	for _, name := range order {
		b = wire.String(b, name)
	}
	groups := renumbered(c.groups, func(w whose) whose { return w.as(as) })
	b = wire.Uint(b, uint64(len(groups)))
	for _, w := range slices.SortedFunc(maps.Keys(groups), compareWhose) {
		b = wire.Uint(appendWhose(b, w), uint64(len(groups[w].cells)))
		for _, d := range groups[w].cells {
			b = wire.Date(b, d.start)
			if b, err = d.cell.append(b, as); err != nil {
				return nil, err
			}
		}
	}
	quotas := renumbered(c.quotas, func(w whose) whose { return w.as(as) })
	b = wire.Uint(b, uint64(len(quotas)))
	for _, w := range slices.SortedFunc(maps.Keys(quotas), compareWhose) {
		b = wire.Uint(appendWhose(b, w), uint64(len(quotas[w])))
		for _, q := range quotas[w] {
			b = wire.Uint(wire.Uint(wire.Period(b, q.period), uint64(q.rows)), uint64(q.credits))
			b = wire.Decimal(wire.Decimal(b, q.amount.Decimal()), q.credited.Decimal())
		}
	}
	reps := renumbered(c.reps, func(r repKey) repKey {
		return repKey{r.as(as), r.hired, r.active}
	})
	b = wire.Uint(b, uint64(len(reps)))
	for _, r := range slices.SortedFunc(maps.Keys(reps), compareReps) {
		b = wire.Period(wire.Date(appendWhose(b, r.whose), r.hired), r.active)
	}
	return b, nil
}

// sorted returns the names in order, without the empty one, and the numbers that they have then.
func (n *names) sorted() (order []string, as []int32) {
	if len(n.text) < 2 {
		return nil, []int32{0}
	}
	order = slices.Sorted(slices.Values(n.text[1:]))
	as = make([]int32, len(n.text))
	for i, name := range order {
		as[n.number[name]] = int32(i + 1)
	}
	return order, as
}

// renumbered returns a map with other keys.
func renumbered[K comparable, V any](m map[K]V, as func(K) K) map[K]V {
	out := make(map[K]V, len(m))
	for k, v := range m {
		out[as(k)] = v
	}
	return out
}

func appendWhose(b []byte, w whose) []byte {
	return wire.Uint(wire.Uint(wire.Uint(b, uint64(w.owner)), uint64(w.team)), uint64(w.segment))
}

// append appends the binary form of a cell: which facts it has, and each of them.
func (c *cardCell) append(b []byte, as []int32) (_ []byte, err error) {
	has := uint64(0)
	for i, is := range []bool{c.closed != nil, c.created != nil, c.open != nil, c.leads != nil, c.work != nil} {
		if is {
			has |= 1 << i
		}
	}
	b = wire.Uint(b, has)
	if c.closed != nil {
		if b, err = c.closed.append(b, as); err != nil {
			return nil, err
		}
	}
	if f := c.created; f != nil {
		b = appendCounts(b, f.counts())
		b = wire.Decimal(b, f.amount.Decimal())
		b = f.lives.set.Append(b)
	}
	if f := c.open; f != nil {
		b = appendCounts(b, f.counts())
		b = wire.Decimal(wire.Decimal(b, f.amount.Decimal()), f.weighted.Decimal())
		for _, s := range f.sets() {
			b = s.Append(b)
		}
	}
	if f := c.leads; f != nil {
		b = appendCounts(b, f.counts())
		b = f.waits.set.Append(b)
	}
	if f := c.work; f != nil {
		b = appendCounts(b, f.counts())
	}
	return b, nil
}

func (c *closedFacts) append(b []byte, as []int32) ([]byte, error) {
	b = appendCounts(b, c.counts())
	for _, a := range c.amounts() {
		b = wire.Decimal(b, a.Decimal())
	}
	sizes, err := c.sizes.MarshalBinary()
	if err != nil {
		return nil, err
	}
	discounts, err := c.discounts.MarshalBinary()
	if err != nil {
		return nil, err
	}
	b = wire.String(wire.String(b, string(sizes)), string(discounts))
	b = c.ends.set.Append(b)
	accounts := c.accounts.renumbered(as)
	b = wire.Uint(b, uint64(len(accounts)))
	for _, a := range accounts {
		b = wire.Decimal(wire.Uint(b, uint64(a.account)), a.amount.Decimal())
	}
	return b, nil
}

// renumbered returns the sums with other numbers, in order, and leaves s as it is.
func (s *accountSums) renumbered(as []int32) []accountSum {
	out := accountSums{sums: slices.Clone(s.sums)}
	for i := range out.sums {
		out.sums[i].account = as[out.sums[i].account]
	}
	out.settle()
	return out.sums
}

func appendCounts(b []byte, counts []*int64) []byte {
	for _, n := range counts {
		b = wire.Uint(b, uint64(*n))
	}
	return b
}

// The counts of facts, in the order of the binary form.

func (c *closedFacts) counts() []*int64 {
	return []*int64{&c.won, &c.lost, &c.dropped, &c.unpriced, &c.undated, &c.reversed, &c.listed, &c.proposed, &c.proposedWon}
}

func (c *closedFacts) amounts() []*exact.Num {
	return []*exact.Num{&c.wonAmount, &c.lostAmount, &c.droppedAmount, &c.net, &c.list}
}

func (c *createdFacts) counts() []*int64 {
	return []*int64{&c.deals, &c.won, &c.open, &c.proposals, &c.proposalsWon}
}

func (o *openFacts) counts() []*int64 {
	return []*int64{&o.deals, &o.unweighted, &o.undated, &o.unstaged, &o.overdue, &o.undue, &o.aimless}
}

func (o *openFacts) sets() []*multiset.Set {
	return []*multiset.Set{&o.ages, &o.stages, &o.idle, &o.tidy}
}

func (s *leadFacts) counts() []*int64 {
	return []*int64{&s.leads, &s.qualified, &s.opportunities, &s.customers, &s.early}
}

func (w *workFacts) counts() []*int64 {
	return []*int64{&w.calls, &w.emails, &w.meetings, &w.noShows, &w.days, &w.worked, &w.selling}
}

// UnmarshalBinary replaces the card by what [Scorecard.MarshalBinary] wrote. The Clock of its rules is nil then. It takes time and
// memory in proportion to the text. It returns an error ([ErrEncoding]), and changes nothing, if data is anything else.
func (c *Scorecard) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, cardKind, cardVersion)
	in := cardReader{Reader: r}
	if rules := r.String(); rules != "" {
		in.read(rules)
		if r.OK() && in.card.isEmpty() {
			r.Fail(errFacts)
		}
	}
	if err := r.Close(); err != nil {
		return errEncoding("scorecard", err)
	}
	*c = in.card
	return nil
}

// cardReader reads a card.
type cardReader struct {
	*wire.Reader
	card Scorecard
	used []bool // names that something has
}

func (in *cardReader) read(rules string) {
	c := &in.card
	var f faults
	if wire.StrictJSON([]byte(rules), &c.rules) != nil {
		in.Fail(errRules)
	}
	given := c.rules
	if c.rules = c.rules.orDefault(&f); f.err() != nil || given.Unit == "" {
		in.Fail(errRules)
	}
	if again, err := json.Marshal(c.rules); err != nil || string(again) != rules {
		in.Fail(errRules)
	}
	c.follow(c.rules)
	c.priced = in.Natural(1) == 1
	c.currency = in.String()
	if !c.priced && c.currency != "" || !utf8.ValidString(c.currency) {
		in.Fail(errFacts)
	}
	n := in.Count(1)
	in.used = make([]bool, n+1)
	for range n {
		name := in.String()
		if last := len(c.names.text) - 1; name == "" || !utf8.ValidString(name) || last >= 1 && name <= c.names.text[last] {
			in.Fail(errNames)
		}
		if !in.OK() {
			return
		}
		c.names.of(name)
	}
	in.groups()
	in.quotas()
	in.reps()
	for _, used := range in.used[1:] {
		if !used {
			in.Fail(errNames)
		}
	}
	in.checkPriced()
}

// checkPriced tells of a currency without amounts.
func (in *cardReader) checkPriced() {
	priced := len(in.card.quotas) > 0
	for _, c := range in.card.allCells() {
		priced = priced || c.closed != nil || c.open != nil
	}
	if priced != in.card.priced {
		in.Fail(errFacts)
	}
}

// whose reads the numbers of names.
func (in *cardReader) whose() whose {
	one := func() int32 {
		i := in.Natural(int64(len(in.used) - 1))
		in.used[i] = true
		return int32(i)
	}
	return whose{one(), one(), one()}
}

func (in *cardReader) groups() {
	var last whose
	for i := range in.Count(4) {
		w := in.whose()
		if i > 0 && compareWhose(last, w) >= 0 {
			in.Fail(errOrder)
		}
		last = w
		n := in.Count(2)
		if n == 0 {
			in.Fail(errFacts)
		}
		if !in.OK() {
			return
		}
		g := in.card.group(w)
		for range n {
			start := in.Date()
			if k := len(g.cells); k > 0 && !g.cells[k-1].start.Before(start) {
				in.Fail(errOrder)
			}
			p := in.card.rules.period(start)
			if p.Start != start {
				in.Fail(errPeriod)
			}
			cell := in.cell()
			if !in.OK() {
				return
			}
			g.cells = append(g.cells, datedCell{p.Start, p.End, cell})
		}
		in.group(g)
	}
}

func (in *cardReader) cell() *cardCell {
	c := new(cardCell)
	has := in.Natural(1<<5 - 1)
	if has == 0 {
		in.Fail(errFacts)
	}
	if has&1 != 0 {
		c.closed = in.closed()
	}
	if has&2 != 0 {
		f := new(createdFacts)
		in.counts(f.counts())
		f.amount = in.num()
		f.lives.set = *multiset.Read(in.Reader)
		in.want(f.sound())
		c.created = f
	}
	if has&4 != 0 {
		f := new(openFacts)
		in.counts(f.counts())
		f.amount, f.weighted = in.num(), in.num()
		for _, s := range f.sets() {
			*s = *multiset.Read(in.Reader)
		}
		in.want(f.sound())
		c.open = f
	}
	if has&8 != 0 {
		f := new(leadFacts)
		in.counts(f.counts())
		f.waits.set = *multiset.Read(in.Reader)
		in.want(f.sound())
		c.leads = f
	}
	if has&16 != 0 {
		f := new(workFacts)
		in.counts(f.counts())
		in.want(f.sound())
		c.work = f
	}
	return c
}

func (in *cardReader) closed() *closedFacts {
	f := new(closedFacts)
	in.counts(f.counts())
	for _, a := range f.amounts() {
		*a = in.num()
	}
	if f.sizes.UnmarshalBinary([]byte(in.String())) != nil || f.discounts.UnmarshalBinary([]byte(in.String())) != nil {
		in.Fail(errFacts)
	}
	f.ends.set = *multiset.Read(in.Reader)
	for i := range in.Count(2) {
		account := in.Natural(int64(len(in.used) - 1))
		in.used[account] = true
		a := accountSum{int32(account), in.num()}
		if i > 0 && a.account <= f.accounts.sums[i-1].account {
			in.Fail(errOrder)
		}
		if !in.OK() {
			return f
		}
		f.accounts.sums = append(f.accounts.sums, a)
	}
	f.accounts.tidy = len(f.accounts.sums)
	in.want(f.sound())
	return f
}

func (in *cardReader) want(sound bool) {
	if in.OK() && !sound {
		in.Fail(errFacts)
	}
}

// counts reads counts.
func (in *cardReader) counts(counts []*int64) {
	for _, n := range counts {
		*n = in.Natural(maxRows)
	}
}

// group checks the deals of a group, each of which is in a cell for its end and in one for its creation, and counts its rows as
// adding them does.
func (in *cardReader) group(g *group) {
	var ended, created, proposals int64
	rows := func(to *int64, counts ...int64) {
		for _, n := range counts {
			if in.rows(n); in.OK() {
				*to += n
			}
		}
	}
	for _, d := range g.cells {
		var others int64
		if f := d.cell.closed; f != nil {
			rows(&ended, f.won, f.lost, f.dropped)
		}
		if f := d.cell.open; f != nil {
			rows(&ended, f.deals)
		}
		if f := d.cell.leads; f != nil {
			rows(&others, f.leads)
		}
		if f := d.cell.work; f != nil {
			rows(&others, f.calls, f.emails, f.meetings, f.noShows, f.days, f.worked)
		}
		if f := d.cell.created; f != nil {
			in.want(f.deals <= maxRows-created && f.proposals <= maxRows-proposals)
			if !in.OK() {
				return
			}
			created += f.deals
			proposals += f.proposals
		}
	}
	in.want(created == ended && proposals <= ended)
}

// rows counts rows of the card.
func (in *cardReader) rows(n int64) {
	if n > maxRows-in.card.rows {
		in.Fail(errFacts)
		return
	}
	in.card.rows += n
}

// num reads an amount, which may be a sum of as many amounts as there may be, times chances.
func (in *cardReader) num() exact.Num { return exact.From(in.Decimal()) }

func (in *cardReader) quotas() {
	var last whose
	for i := range in.Count(4) {
		w := in.whose()
		if i > 0 && compareWhose(last, w) >= 0 {
			in.Fail(errOrder)
		}
		n := in.Count(6)
		if n == 0 {
			in.Fail(errFacts)
		}
		var end salesops.Date
		for range n {
			q := quotaSum{period: in.Period(), rows: in.Natural(maxRows), credits: in.Natural(maxRows)}
			q.amount, q.credited = in.num(), in.num()
			in.rows(q.rows)
			switch p := q.period; {
			case q.rows < 1 || q.credits > q.rows || q.credits == 0 && !q.credited.IsZero() || q.amount.Sign() < 0:
				in.Fail(errFacts)
			case p.Start.IsZero() || p.End.IsZero() || in.OK() && !in.card.whole(p):
				in.Fail(errPeriod)
			case p.Start.Before(end):
				in.Fail(errOrder)
			}
			if !in.OK() {
				return
			}
			end = q.period.End
			_ = in.card.addQuota(w, q, ErrEncoding) // in order, and no clash
		}
		last = w
	}
}

func (in *cardReader) reps() {
	var last repKey
	for i := range in.Count(6) {
		w := in.whose()
		r := repKey{w, in.Date(), in.Period()}
		if i > 0 && compareReps(last, r) >= 0 {
			in.Fail(errOrder)
		}
		if hired, active := (Rep{Hired: r.hired, Active: r.active}).tenure(); r.owner == 0 || hired != r.hired || active != r.active || hired.After(active.Start) {
			in.Fail(errFacts)
		}
		if !in.OK() {
			return
		}
		in.card.addRep(r)
		last = r
	}
}

// maxDays is more than the days between any two dates.
const maxDays = 1 << 22

// The facts that make sense.

func (c *closedFacts) sound() bool {
	all := c.won + c.lost + c.dropped
	var accounts exact.Num
	for _, a := range c.accounts.sums {
		accounts = accounts.Add(a.amount)
	}
	dated := c.ends.set.Len()
	byStatus := func(cause lifetime.Cause, most int64) bool { return c.ends.ended(cause) <= most }
	return all > 0 && c.sizes.Len() == c.won && c.sizes.Moments().sum().Cmp(c.wonAmount) == 0 && accounts.Cmp(c.wonAmount) == 0 &&
		(len(c.accounts.sums) > 0) == (c.won > 0) && dated <= all && c.undated <= all-dated && c.reversed == all-dated-c.undated &&
		c.ends.sound(maxDays, causeDropped) && byStatus(lifetime.Censored, 0) && byStatus(causeWon, c.won) && byStatus(causeLost, c.lost) &&
		byStatus(causeDropped, c.dropped) &&
		c.listed <= c.won && c.discounts.Len() == c.listed && c.list.Sign() >= 0 && (c.listed > 0 || c.list.IsZero() && c.net.IsZero()) &&
		(c.lost > 0 || c.lostAmount.IsZero()) && c.unpriced <= c.lost && (c.unpriced < c.lost || c.lostAmount.IsZero()) && (c.dropped > 0 || c.droppedAmount.IsZero()) &&
		c.proposed <= all && c.proposedWon <= c.proposed && c.proposedWon <= c.won
}

func (c *createdFacts) sound() bool {
	return (c.deals > 0 || c.proposals > 0) && c.won <= c.deals && c.open <= c.deals-c.won && c.lives.ended(lifetime.Censored) <= c.open && c.lives.set.Len() <= c.deals && c.lives.ended(causeWon) <= c.won &&
		c.lives.sound(maxDays, causeDropped) &&
		c.proposalsWon <= c.proposals && (c.deals > 0 || c.amount.IsZero())
}

func (o *openFacts) sound() bool {
	for _, s := range o.sets() {
		if least, ok := s.Min(); ok && least < 0 {
			return false
		}
	}
	return o.deals > 0 && o.ages.Len() <= o.deals && o.undated == o.deals-o.ages.Len() && o.stages.Len() <= o.deals &&
		o.unstaged == o.deals-o.stages.Len() && o.idle.Len() <= o.deals && o.idle.Holds(&o.tidy) && o.unweighted <= o.deals &&
		o.overdue <= o.deals && o.undue <= o.deals-o.overdue && o.aimless <= o.deals &&
		o.tidy.Len() <= o.deals-o.overdue-o.undue && o.tidy.Len() <= o.deals-o.aimless
}

func (s *leadFacts) sound() bool {
	return s.leads > 0 && max(s.qualified, s.opportunities, s.customers, s.early) <= s.leads && s.waits.set.Len() == s.leads &&
		s.waits.sound(lifetime.MaxTick, causeTouched)
}

func (w *workFacts) sound() bool {
	return w.selling <= w.worked && slices.ContainsFunc(w.counts(), func(n *int64) bool { return *n > 0 })
}
