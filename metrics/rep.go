package metrics

import "github.com/salesops-go/salesops"

// Rep is an entry of the roster: who was there to sell, when, also if nothing was sold. Somebody who changes the team has an
// entry for each.
type Rep struct {
	// Name names the rep, as Owner does elsewhere.
	Name string `json:"name"`
	// Team is the rep's team.
	Team string `json:"team,omitempty"`
	// Segment is whatever reps are cut by besides.
	Segment string `json:"segment,omitempty"`
	// Hired is the day from which tenure counts; the zero Date: that of the start of Active.
	Hired salesops.Date `json:"hired,omitzero"`
	// Active is the time in which the rep was there; an open end is no end.
	Active salesops.Period `json:"active"`
}

// repKey is an entry of the roster.
type repKey struct {
	whose
	hired  salesops.Date
	active salesops.Period
}

// AddRep adds an entry to the roster. The same entry twice counts once.
//
// AddRep returns an error ([ErrInput]), and adds nothing, if:
//   - the name is empty
//   - Active has no start, or holds no day
//   - Hired is after its start
//   - a name is not valid UTF-8
func (c *Scorecard) AddRep(r Rep) error {
	c.begin()
	var f faults
	c.checkWho(&f, r.Name, who{r.Name, r.Team, r.Segment})
	if r.Name == "" {
		f.add(ErrInput, "", "name", "", "must not be empty")
	}
	if r.Active.Start.IsZero() || r.Active.IsEmpty() {
		f.add(ErrInput, r.Name, "active", r.Active.String(), "must have a first day, and no end before it")
	}
	if r.Hired.After(r.Active.Start) {
		f.add(ErrInput, r.Name, "hired", r.Hired.String(), "must not be after the first active day, "+r.Active.Start.String())
	}
	if err := f.err(); err != nil {
		return err
	}
	if r.Hired.IsZero() {
		r.Hired = r.Active.Start
	}
	c.addRep(repKey{c.whose(who{r.Name, r.Team, r.Segment}), r.Hired, r.Active})
	return nil
}

func (c *Scorecard) addRep(r repKey) {
	if c.reps == nil {
		c.reps = map[repKey]struct{}{}
	}
	c.reps[r] = struct{}{}
}
