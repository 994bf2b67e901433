package forecast

import (
	"math"
	"sort"
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// CloseCurve says when deals close, and how: the probabilities to be won and lost by each age, with open deals taken for what
// they are, undecided. Make one with [FitCloseCurve], or decode one that was stored.
//
// Days of age are counted from 0, the day of creation; age -1 is the day before, when the deal did not exist, so that
// [CloseCurve.Win](-1, n) speaks of a deal that is created tomorrow.
//
// Beyond Support, the last age at which a deal was watched, nothing is known. There the curve goes on at the Tail, the rates
// at which the oldest deals closed. They are never taken as 0 for want of data.
type CloseCurve struct {
	// Steps are the ages at which deals closed, ascending.
	Steps []CloseStep `json:"steps"`
	// Support is the last age at which a deal was watched.
	Support int `json:"support"`
	// Tail holds the daily rates used beyond Support.
	Tail CloseTail `json:"tail"`
	// Deals is the number of spells that the curve rests on.
	Deals int `json:"deals"`
}

// CloseStep is one age of a [CloseCurve].
type CloseStep struct {
	Age    int `json:"age"`    // Age is the day of the clock.
	AtRisk int `json:"atRisk"` // AtRisk is the number of deals that were watched and open when the day began.
	Won    int `json:"won"`    // Won is how many of them were won on the day.
	Lost   int `json:"lost"`   // Lost is how many were lost.
	// WonBy is the estimated probability of a deal to be won through the day (Aalen-Johansen).
	WonBy float64 `json:"wonBy"`
	// LostBy is the estimated probability to be lost through the day.
	LostBy float64 `json:"lostBy"`
	// Open is the estimated probability to be still open after the day. WonBy, LostBy and Open sum to 1.
	Open float64 `json:"open"`
}

// CloseTail holds the rates at which deals close that are older than any seen: wins and losses per open deal and day, over the
// ages From to Support, the shortest such span with at least 5 closings, or all ages if there are fewer.
type CloseTail struct {
	From int     `json:"from"` // From is the first age that the rates were taken from.
	Won  float64 `json:"won"`  // Won is the probability of an open deal to be won on a day.
	Lost float64 `json:"lost"` // Lost is the probability to be lost on a day.
}

// tailClosings is how many closings the rates of the tail rest on: enough not to be one deal's story (their standard error is
// some 45 %), and few enough to be about old deals.
const tailClosings = 5

// FitCloseCurve estimates the curve of spells by the method of Aalen and Johansen (1978): won and lost are competing ends,
// open deals are censored, and a deal that came into view late counts from then on. The share won of closed deals, which
// leaves the open ones out, over-states the chances of young deals and says nothing about when.
//
// It is assumed that the deals not yet decided will fare like the others of their age. Fit the curves of segments that differ,
// such as small and large deals, apart. It takes O(n) time and, for n spells, memory for the different ages.
//
// FitCloseCurve returns an error if:
//   - a spell's Enter is negative or after its Leave, its Leave is beyond [MaxAge], or its status is unknown ([ErrInput])
//   - no spell ends won or lost ([ErrUndefined])
func FitCloseCurve(spells []Spell) (CloseCurve, error) {
	var f faults
	var h lifetime.Histogram
	for i, s := range spells {
		if cause, ok := s.Status.cause(); !ok || !h.Add(s.Enter, s.Leave, cause) {
			f.spell(i, s)
		}
	}
	if err := f.err(); err != nil {
		return CloseCurve{}, err
	}
	return closeCurve(&h)
}

// The causes by which the lifetimes of deals end.
const (
	causeWon lifetime.Cause = iota + 1
	causeLost
)

// cause is the cause by which a lifetime of that status ends.
func (s Status) cause() (c lifetime.Cause, ok bool) {
	switch s {
	case "", Open:
		return lifetime.Censored, true
	case Won:
		return causeWon, true
	case Lost:
		return causeLost, true
	}
	return 0, false
}

// spell tells what is wrong with a spell.
func (f *faults) spell(i int, s Spell) {
	path := "spells/" + strconv.Itoa(i)
	switch _, ok := s.Status.cause(); {
	case !ok:
		f.add(ErrInput, "", path+"/status", string(s.Status), `is not a status: use "open", "won" or "lost"`)
	case s.Enter < 0:
		f.add(ErrInput, "", path+"/enter", strconv.Itoa(s.Enter), "must not be negative; 0 is the first day")
	case s.Leave > MaxAge:
		f.add(ErrInput, "", path+"/leave", strconv.Itoa(s.Leave), "must be "+strconv.Itoa(MaxAge)+" or less")
	default:
		f.add(ErrInput, "", path+"/leave", strconv.Itoa(s.Leave), "must not be before the first day at risk, "+strconv.Itoa(s.Enter))
	}
}

// closeCurve makes the curve of a histogram of lifetimes.
func closeCurve(h *lifetime.Histogram) (CloseCurve, error) {
	won, lost := h.Incidence(causeWon), h.Incidence(causeLost)
	if len(won) == 0 {
		return CloseCurve{}, &Error{Path: "spells", Msg: "must hold a deal that was won or lost, else nothing tells when deals close", Err: ErrUndefined}
	}
	c := CloseCurve{Deals: int(h.Len()), Steps: make([]CloseStep, len(won))}
	for i, p := range won {
		c.Steps[i] = CloseStep{
			Age: p.Tick, AtRisk: int(p.AtRisk), Won: int(p.Exits), Lost: int(lost[i].Exits),
			WonBy: p.Incidence, LostBy: lost[i].Incidence, Open: p.Survival,
		}
	}
	// The tail begins after the closing before the last 5.
	n := 0
	for i := len(c.Steps) - 1; i >= 0 && n < tailClosings; i-- {
		n += c.Steps[i].Won + c.Steps[i].Lost
		if c.Tail.From = 0; i > 0 {
			c.Tail.From = c.Steps[i-1].Age + 1
		}
	}
	var days, open, wins, losses int64
	next := c.Tail.From
	for row := range h.Rows() {
		c.Support = row.Tick
		if row.Tick >= c.Tail.From {
			days += int64(row.Tick-next)*open + row.AtRisk
			wins += row.Exits(causeWon)
			losses += row.Exits(causeLost)
			next = row.Tick + 1
		}
		open = row.AtRisk - row.Ended() - row.Exits(lifetime.Censored)
	}
	c.Tail.Won = float64(wins) / float64(days)
	c.Tail.Lost = float64(losses) / float64(days)
	return c, nil
}

// Win returns the probability that a deal open at the end of the day of that age is won within the following days. It is 0
// for within <= 0. It takes time in proportion to the different ages in between, however many days these are.
func (c CloseCurve) Win(age, within int) float64 {
	won, _, _ := c.from(age, within)
	return won
}

// Lose returns the probability that a deal open at the end of the day of that age is lost within the following days.
func (c CloseCurve) Lose(age, within int) float64 {
	_, lost, _ := c.from(age, within)
	return lost
}

// Won returns the probability that a deal is won by the end of the day of that age, over all deals: WonBy, and beyond
// Support the curve's continuation.
func (c CloseCurve) Won(age int) float64 { return c.Win(-1, saturated(max(age, -1), 1)) }

// Lost returns the probability that a deal is lost by the end of the day of that age, over all deals.
func (c CloseCurve) Lost(age int) float64 { return c.Lose(-1, saturated(max(age, -1), 1)) }

// Open returns the probability that a deal is still open after the day of that age. Won, Lost and Open sum to 1.
func (c CloseCurve) Open(age int) float64 {
	_, _, open := c.from(-1, saturated(max(age, -1), 1))
	return open
}

// CreateAndClose returns how many deals are expected to be won within so many days if one deal is created on each of them,
// each with the days left to it. Times the deals that are created in a day, it is the create-and-close business of the days;
// divided by the days, it is the yield that [PipelineNeeded] asks for.
func (c CloseCurve) CreateAndClose(days int) float64 {
	// A deal created k days before the last day has age k on it, so this is the sum of Won over the ages 0 to
	// days-1. Won is constant between steps.
	sum, won, open, age := 0.0, 0.0, 1.0, 0
	for _, s := range c.Steps {
		if s.Age >= days {
			break
		}
		w, l := s.rates()
		sum += float64(won * float64(s.Age-age))
		won += float64(open * w)
		open *= 1 - (w + l)
		age = s.Age
	}
	if flat := min(days, saturated(c.Support, 1)) - age; flat > 0 {
		sum += float64(won * float64(flat))
	}
	n := float64(days) - float64(c.Support) - 1
	if h := c.Tail.rate(); n > 0 {
		sum += float64(won * n)
		if h > 0 {
			// Σ over m = 1..n of 1-(1-h)^m
			gone := -math.Expm1(float64(n * math.Log1p(-h)))
			sum += float64(open*share(c.Tail.Won)/h) * (n - float64((1-h)*gone)/h)
		}
	}
	return max(sum, 0)
}

// from follows a deal that is open at the end of the day of that age for the following days.
func (c CloseCurve) from(age, within int) (won, lost, open float64) {
	open = 1
	if within <= 0 {
		return 0, 0, open
	}
	end := math.MaxInt
	if age <= 0 || within <= math.MaxInt-age {
		end = age + within
	}
	for i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].Age > age }); i < len(c.Steps) && c.Steps[i].Age <= end; i++ {
		w, l := c.Steps[i].rates()
		won += float64(open * w)
		lost += float64(open * l)
		open *= 1 - (w + l)
	}
	if n := float64(end) - float64(max(age, c.Support)); n > 0 {
		if h := c.Tail.rate(); h > 0 {
			gone := -math.Expm1(float64(n * math.Log1p(-h)))
			won += float64(float64(open*gone) * (share(c.Tail.Won) / h))
			lost += float64(float64(open*gone) * (1 - share(c.Tail.Won)/h))
			open *= 1 - gone
		}
	}
	return clampRate(won), clampRate(lost), clampRate(open)
}

// rates returns the probabilities of a deal that reaches the step open to be won and lost on its day.
func (s CloseStep) rates() (won, lost float64) {
	if s.AtRisk <= 0 {
		return 0, 0
	}
	won = share(float64(s.Won) / float64(s.AtRisk))
	lost = share(float64(s.Lost) / float64(s.AtRisk))
	return won, min(lost, 1-won)
}

// rate is the probability to close on a day.
func (t CloseTail) rate() float64 { return min(share(t.Won)+share(t.Lost), 1) }

// share returns x within 0 and 1, and 0 for NaN: curves that were decoded hold what somebody wrote.
func share(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}
