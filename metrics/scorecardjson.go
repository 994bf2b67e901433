package metrics

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/multiset"
	"github.com/salesops-go/salesops/internal/wire"
)

// cardJSON is the JSON form of a card. Sets of days are pairs of a number and how often it occurs.
type cardJSON struct {
	Rules    *Rules      `json:"rules,omitempty"`
	Currency *string     `json:"currency,omitempty"` // of cards with amounts
	Cells    []cellJSON  `json:"cells,omitempty"`
	Quotas   []quotaJSON `json:"quotas,omitempty"`
	Roster   []Rep       `json:"roster,omitempty"`
}

type whoseJSON struct {
	Owner   string `json:"owner,omitempty"`
	Team    string `json:"team,omitempty"`
	Segment string `json:"segment,omitempty"`
}

type cellJSON struct {
	whoseJSON
	Start   salesops.Date `json:"start,omitzero"`
	Closed  *closedJSON   `json:"closed,omitempty"`
	Created *createdJSON  `json:"created,omitempty"`
	Open    *openJSON     `json:"open,omitempty"`
	Leads   *leadsJSON    `json:"leads,omitempty"`
	Work    *workJSON     `json:"work,omitempty"`
}

type closedJSON struct {
	Won           int64            `json:"won"`
	Lost          int64            `json:"lost"`
	Dropped       int64            `json:"dropped,omitempty"`
	Unpriced      int64            `json:"unpriced,omitempty"`
	WonAmount     amountJSON       `json:"wonAmount"`
	LostAmount    amountJSON       `json:"lostAmount"`
	DroppedAmount amountJSON       `json:"droppedAmount,omitzero"`
	Sizes         json.RawMessage  `json:"sizes"`
	Ends          livesJSON        `json:"ends,omitempty"`
	Undated       int64            `json:"undated,omitempty"`
	Reversed      int64            `json:"reversed,omitempty"`
	Accounts      []accountJSON    `json:"accounts,omitempty"`
	Listed        int64            `json:"listed,omitempty"`
	Net           amountJSON       `json:"net,omitzero"`
	List          amountJSON       `json:"list,omitzero"`
	Discounts     *json.RawMessage `json:"discounts,omitempty"`
	Proposed      int64            `json:"proposed,omitempty"`
	ProposedWon   int64            `json:"proposedWon,omitempty"`
}

type accountJSON struct {
	Account string     `json:"account,omitempty"`
	Amount  amountJSON `json:"amount"`
}

type createdJSON struct {
	Deals        int64      `json:"deals"`
	Amount       amountJSON `json:"amount"`
	Won          int64      `json:"won"`
	Open         int64      `json:"open,omitempty"`
	Lives        livesJSON  `json:"lives,omitempty"`
	Proposals    int64      `json:"proposals,omitempty"`
	ProposalsWon int64      `json:"proposalsWon,omitempty"`
}

type openJSON struct {
	Deals      int64      `json:"deals"`
	Amount     amountJSON `json:"amount"`
	Weighted   amountJSON `json:"weighted"`
	Unweighted int64      `json:"unweighted,omitempty"`
	Ages       daysJSON   `json:"ages,omitempty"`
	Undated    int64      `json:"undated,omitempty"`
	Stages     daysJSON   `json:"stages,omitempty"`
	Unstaged   int64      `json:"unstaged,omitempty"`
	Idle       daysJSON   `json:"idle,omitempty"`
	Tidy       daysJSON   `json:"tidy,omitempty"`
	Overdue    int64      `json:"overdue,omitempty"`
	Undue      int64      `json:"undue,omitempty"`
	Aimless    int64      `json:"aimless,omitempty"`
}

type leadsJSON struct {
	Leads         int64     `json:"leads"`
	Qualified     int64     `json:"qualified,omitempty"`
	Opportunities int64     `json:"opportunities,omitempty"`
	Customers     int64     `json:"customers,omitempty"`
	Early         int64     `json:"early,omitempty"`
	Waits         livesJSON `json:"waits"`
}

type workJSON struct {
	Calls    int64 `json:"calls,omitempty"`
	Emails   int64 `json:"emails,omitempty"`
	Meetings int64 `json:"meetings,omitempty"`
	NoShows  int64 `json:"noShows,omitempty"`
	Days     int64 `json:"days,omitempty"`
	Worked   int64 `json:"worked,omitempty"`
	Selling  int64 `json:"selling,omitempty"`
}

type quotaJSON struct {
	whoseJSON
	Period   salesops.Period `json:"period"`
	Rows     int64           `json:"rows"`
	Amount   amountJSON      `json:"amount"`
	Credits  int64           `json:"credits,omitempty"`
	Credited amountJSON      `json:"credited,omitzero"`
}

// amountJSON is an amount as a string.
type amountJSON struct{ n exact.Num }

func (a amountJSON) IsZero() bool { return a.n.IsZero() }

func (a amountJSON) MarshalText() ([]byte, error) { return []byte(numText(a.n)), nil }

func (a *amountJSON) UnmarshalText(text []byte) error {
	n, ok := numOfText(string(text))
	if !ok {
		return errAmount
	}
	a.n = n
	return nil
}

// daysJSON are numbers with how often each occurs.
type daysJSON [][]int64 // no arrays: these would take any number of numbers

func daysOf(s *multiset.Set) (out daysJSON) {
	for _, r := range s.Runs() {
		out = append(out, []int64{r.Value, r.Count})
	}
	return out
}

func (d daysJSON) set(to *multiset.Set) error {
	runs := make([]multiset.Run, len(d))
	for i, r := range d {
		if len(r) != 2 {
			return errLives
		}
		runs[i] = multiset.Run{Value: r[0], Count: r[1]}
	}
	s, err := multiset.FromRuns(runs)
	if err == nil {
		*to = *s
	}
	return err
}

// livesJSON are, for each number of ticks, how many have not ended, and how many ended by cause 1, 2 and 3: won, lost and dropped,
// or touched.
type livesJSON [][]int64

func livesOf(l *lives) (out livesJSON) {
	for life, n := range l.all() {
		if last := len(out) - 1; last < 0 || out[last][0] != life.ticks {
			line := make([]int64, 2+mostCause)
			line[0] = life.ticks
			out = append(out, line)
		}
		out[len(out)-1][1+life.cause] = n
	}
	return out
}

var errLives = errors.New("has days or lives that are none")

func (j livesJSON) set(to *lives) error {
	var runs []multiset.Run
	for _, line := range j {
		if len(line) != 2+mostCause {
			return errLives
		}
		some := false
		for cause, n := range line[1:] {
			if n != 0 {
				runs = append(runs, multiset.Run{Value: line[0]<<2 | int64(cause), Count: n})
				some = true
			}
		}
		if line[0] < 0 || line[0] > maxDays || !some {
			return errLives
		}
	}
	s, err := multiset.FromRuns(runs)
	if err == nil {
		to.set = *s
	}
	return err
}

// MarshalJSON returns the card as a JSON object, the same for equal contents: the rules, what there is of each owner, team,
// segment and period, the quotas and the roster. The Clock of the rules is not in it.
func (c Scorecard) MarshalJSON() ([]byte, error) {
	return c.settled().json()
}

func (c *Scorecard) json() ([]byte, error) {
	var out cardJSON
	if c.isEmpty() {
		return json.Marshal(out)
	}
	out.Rules = &c.rules
	if c.priced {
		out.Currency = &c.currency
	}
	_, as := c.names.sorted()
	byName := func(a, b whose) int { return compareWhose(a.as(as), b.as(as)) }
	named := func(w whose) whoseJSON {
		return whoseJSON{c.names.name(w.owner), c.names.name(w.team), c.names.name(w.segment)}
	}
	for _, w := range slices.SortedFunc(maps.Keys(c.groups), byName) {
		for _, d := range c.groups[w].cells {
			cell, err := d.cell.json(&c.names, as)
			if err != nil {
				return nil, err
			}
			cell.whoseJSON, cell.Start = named(w), d.start
			out.Cells = append(out.Cells, cell)
		}
	}
	for _, w := range slices.SortedFunc(maps.Keys(c.quotas), byName) {
		for _, q := range c.quotas[w] {
			out.Quotas = append(out.Quotas, quotaJSON{named(w), q.period, q.rows, amountJSON{q.amount}, q.credits, amountJSON{q.credited}})
		}
	}
	for _, r := range slices.SortedFunc(maps.Keys(c.reps), func(a, b repKey) int {
		a.whose, b.whose = a.as(as), b.as(as)
		return compareReps(a, b)
	}) {
		w := named(r.whose)
		out.Roster = append(out.Roster, Rep{Name: w.Owner, Team: w.Team, Segment: w.Segment, Hired: r.hired, Active: r.active})
	}
	return json.Marshal(out)
}

func (c *cardCell) json(names *names, as []int32) (out cellJSON, err error) {
	if f := c.closed; f != nil {
		j := &closedJSON{
			Won: f.won, Lost: f.lost, Dropped: f.dropped, Unpriced: f.unpriced, WonAmount: amountJSON{f.wonAmount}, LostAmount: amountJSON{f.lostAmount},
			DroppedAmount: amountJSON{f.droppedAmount}, Ends: livesOf(&f.ends), Undated: f.undated,
			Reversed: f.reversed, Listed: f.listed, Net: amountJSON{f.net}, List: amountJSON{f.list}, Proposed: f.proposed, ProposedWon: f.proposedWon,
		}
		if j.Sizes, err = f.sizes.MarshalJSON(); err != nil {
			return out, err
		}
		if f.listed > 0 {
			text, err := f.discounts.MarshalJSON()
			if err != nil {
				return out, err
			}
			j.Discounts = (*json.RawMessage)(&text)
		}
		sorted := make([]int32, len(as))
		for i, at := range as {
			sorted[at] = int32(i)
		}
		for _, a := range f.accounts.renumbered(as) {
			j.Accounts = append(j.Accounts, accountJSON{names.name(sorted[a.account]), amountJSON{a.amount}})
		}
		out.Closed = j
	}
	if f := c.created; f != nil {
		out.Created = &createdJSON{f.deals, amountJSON{f.amount}, f.won, f.open, livesOf(&f.lives), f.proposals, f.proposalsWon}
	}
	if f := c.open; f != nil {
		out.Open = &openJSON{
			f.deals,
			amountJSON{f.amount},
			amountJSON{f.weighted},
			f.unweighted, daysOf(&f.ages), f.undated, daysOf(&f.stages), f.unstaged,
			daysOf(&f.idle), daysOf(&f.tidy), f.overdue, f.undue, f.aimless,
		}
	}
	if f := c.leads; f != nil {
		out.Leads = &leadsJSON{f.leads, f.qualified, f.opportunities, f.customers, f.early, livesOf(&f.waits)}
	}
	if f := c.work; f != nil {
		out.Work = &workJSON{f.calls, f.emails, f.meetings, f.noShows, f.days, f.worked, f.selling}
	}
	return out, nil
}

// UnmarshalJSON replaces the card by what [Scorecard.MarshalJSON] wrote; null changes nothing. The Clock of its rules is nil then. It
// returns an error ([ErrEncoding]), and changes nothing, if the text is anything else, or its figures do not fit each other.
func (c *Scorecard) UnmarshalJSON(text []byte) error {
	if wire.IsNull(text) {
		return nil
	}
	var in cardJSON
	if err := wire.StrictJSON(text, &in); err != nil {
		return errEncoding("scorecard", err)
	}
	card, err := in.card()
	if err != nil {
		return errEncoding("scorecard", err)
	}
	data, err := card.MarshalBinary()
	if err != nil {
		return errEncoding("scorecard", err)
	}
	return c.UnmarshalBinary(data) // which checks everything
}

// card makes a card, of which little is checked.
func (in *cardJSON) card() (*Scorecard, error) {
	c := &Scorecard{}
	if in.Rules == nil {
		if in.Currency != nil || len(in.Cells)+len(in.Quotas)+len(in.Roster) > 0 {
			return nil, errRules
		}
		return c, nil
	}
	if len(in.Cells)+len(in.Quotas)+len(in.Roster) == 0 {
		return nil, errFacts
	}
	c.follow(*in.Rules)
	if in.Currency != nil {
		c.pay(*in.Currency)
	}
	number := func(w whoseJSON) whose { return c.whose(who{w.Owner, w.Team, w.Segment}) }
	for i := range in.Cells {
		j := &in.Cells[i]
		g := c.group(number(j.whoseJSON))
		n := len(g.cells)
		cell := g.on(j.Start, &c.rules)
		if len(g.cells) == n || c.rules.period(j.Start).Start != j.Start {
			return nil, errOrder // it was there, or is not the first day of a period
		}
		if err := j.fill(c, cell); err != nil {
			return nil, err
		}
	}
	for _, q := range in.Quotas {
		w := number(q.whoseJSON)
		if q.Rows < 1 || q.Credits < 0 {
			return nil, errFacts
		}
		if slices.ContainsFunc(c.quotas[w], func(s quotaSum) bool { return s.period == q.Period }) {
			return nil, errOrder
		}
		if err := c.addQuota(w, quotaSum{q.Period, q.Rows, q.Credits, q.Amount.n, q.Credited.n}, ErrEncoding); err != nil {
			return nil, errPeriod
		}
	}
	for _, r := range in.Roster {
		c.addRep(repKey{number(whoseJSON{r.Name, r.Team, r.Segment}), r.Hired, r.Active})
	}
	if len(c.reps) != len(in.Roster) {
		return nil, errOrder
	}
	return c, nil
}

// fill fills a cell.
func (j *cellJSON) fill(c *Scorecard, to *cardCell) error {
	if j := j.Closed; j != nil {
		f := &closedFacts{
			won: j.Won, lost: j.Lost, dropped: j.Dropped, unpriced: j.Unpriced, wonAmount: j.WonAmount.n, lostAmount: j.LostAmount.n, droppedAmount: j.DroppedAmount.n,
			undated: j.Undated, reversed: j.Reversed, listed: j.Listed, net: j.Net.n, list: j.List.n, proposed: j.Proposed, proposedWon: j.ProposedWon,
		}
		if err := errors.Join(f.sizes.UnmarshalJSON(j.Sizes), j.Ends.set(&f.ends)); err != nil {
			return err
		}
		if j.Discounts != nil {
			if err := f.discounts.UnmarshalJSON(*j.Discounts); err != nil {
				return err
			}
		}
		for _, a := range j.Accounts {
			f.accounts.sums = append(f.accounts.sums, accountSum{c.names.of(a.Account), a.Amount.n})
		}
		if f.accounts.settle(); len(f.accounts.sums) != len(j.Accounts) {
			return errOrder
		}
		to.closed = f
	}
	if j := j.Created; j != nil {
		f := &createdFacts{deals: j.Deals, amount: j.Amount.n, won: j.Won, open: j.Open, proposals: j.Proposals, proposalsWon: j.ProposalsWon}
		if err := j.Lives.set(&f.lives); err != nil {
			return err
		}
		to.created = f
	}
	if j := j.Open; j != nil {
		f := &openFacts{
			deals: j.Deals, amount: j.Amount.n, weighted: j.Weighted.n, unweighted: j.Unweighted, undated: j.Undated, unstaged: j.Unstaged,
			overdue: j.Overdue, undue: j.Undue, aimless: j.Aimless,
		}
		if err := errors.Join(j.Ages.set(&f.ages), j.Stages.set(&f.stages), j.Idle.set(&f.idle), j.Tidy.set(&f.tidy)); err != nil {
			return err
		}
		to.open = f
	}
	if j := j.Leads; j != nil {
		f := &leadFacts{leads: j.Leads, qualified: j.Qualified, opportunities: j.Opportunities, customers: j.Customers, early: j.Early}
		if err := j.Waits.set(&f.waits); err != nil {
			return err
		}
		to.leads = f
	}
	if j := j.Work; j != nil {
		to.work = &workFacts{j.Calls, j.Emails, j.Meetings, j.NoShows, j.Days, j.Worked, j.Selling}
	}
	for _, counts := range to.counts() {
		for _, n := range counts {
			if *n < 0 {
				return errFacts
			}
		}
	}
	return nil
}

// counts returns the counts of all facts of a cell.
func (c *cardCell) counts() (all [][]*int64) {
	if c.closed != nil {
		all = append(all, c.closed.counts())
	}
	if c.created != nil {
		all = append(all, c.created.counts())
	}
	if c.open != nil {
		all = append(all, c.open.counts())
	}
	if c.leads != nil {
		all = append(all, c.leads.counts())
	}
	if c.work != nil {
		all = append(all, c.work.counts())
	}
	return all
}
