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
	// Hired is the day from which tenure counts; the zero Date: the start of Active. With neither the tenure is not known, and the
	// rep counts as ramped.
	Hired salesops.Date `json:"hired,omitzero"`
	// Active is the time in which the rep was there: without a start from Hired on, without an end up to now.
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
//   - Active holds no day, or Hired is after its start
//   - a name is not valid UTF-8
func (c *Scorecard) AddRep(r Rep) error {
	c.begin()
	var f faults
	c.checkWho(&f, r.Name, who{r.Name, r.Team, r.Segment})
	if r.Name == "" {
		f.add(ErrInput, "", "name", "", "must not be empty")
	}
	f.tenure(r.Name, "", &r)
	if err := f.err(); err != nil {
		return err
	}
	r.Hired, r.Active = r.tenure()
	c.addRep(repKey{c.whose(who{r.Name, r.Team, r.Segment}), r.Hired, r.Active})
	return nil
}

func (c *Scorecard) addRep(r repKey) {
	if c.reps == nil {
		c.reps = map[repKey]struct{}{}
	}
	c.reps[r] = struct{}{}
}

// tenure returns the days of an entry, with none left out.
func (r Rep) tenure() (hired salesops.Date, active salesops.Period) {
	hired, active = r.Hired, r.Active
	if hired.IsZero() {
		hired = active.Start
	}
	if active.Start.IsZero() {
		active.Start = hired
	}
	return hired, active
}

// tenure tells which days of an entry make no sense.
func (f *faults) tenure(id, path string, r *Rep) {
	switch hired, active := r.tenure(); {
	case active.IsEmpty():
		f.add(ErrInput, id, path+"active", active.String(), "must hold a day, and have no end before its start")
	case hired.After(active.Start):
		f.add(ErrInput, id, path+"hired", hired.String(), "must not be after the first active day, "+active.Start.String())
	}
}
