package metrics

import (
	"time"

	"github.com/salesops-go/salesops"
)

// Activity is something that a rep did: a call, an e-mail, a meeting.
type Activity struct {
	// Owner is the rep.
	Owner string `json:"owner,omitempty"`
	// Team is the rep's team.
	Team string `json:"team,omitempty"`
	// Segment is whatever activities are cut by besides.
	Segment string `json:"segment,omitempty"`
	// Date is the day.
	Date salesops.Date `json:"date"`
	// Kind is what was done.
	Kind ActivityKind `json:"kind"`
	// Count is how often; 0 is once. A meeting counts once, however many attend.
	Count int64 `json:"count,omitempty"`
}

// ActivityKind is a kind of activity.
type ActivityKind string

// The kinds of activity.
const (
	Call    ActivityKind = "call"    // a call, answered or not
	Email   ActivityKind = "email"   // an e-mail sent
	Meeting ActivityKind = "meeting" // held with a prospect
	NoShow  ActivityKind = "no-show" // a meeting that was set and to which the prospect did not come
)

// Workday is a day on which a rep worked. Days off have none, so that rates for each day are not diluted by holidays.
type Workday struct {
	// Owner is the rep.
	Owner string `json:"owner,omitempty"`
	// Team is the rep's team.
	Team string `json:"team,omitempty"`
	// Segment is whatever days are cut by besides.
	Segment string `json:"segment,omitempty"`
	// Date is the day.
	Date salesops.Date `json:"date"`
	// Worked is how long the rep worked, in whole minutes; 0: not recorded.
	Worked time.Duration `json:"worked,omitempty"`
	// Selling is how much of that was spent on selling, by whatever definition: studies find from 22 to 45 %, as they count
	// preparation and travel or not.
	Selling time.Duration `json:"selling,omitempty"`
}

// workFacts are what was done in a period.
type workFacts struct {
	calls, emails, meetings, noShows int64
	days                             int64
	worked, selling                  int64 // minutes
}

// AddActivity counts an activity.
//
// AddActivity returns an error ([ErrInput]), and adds nothing, if:
//   - there is no date, or it is after AsOf
//   - the kind is none of those above
//   - Count is negative, or makes the card count more than 2^61
//   - a name is not valid UTF-8
func (c *Scorecard) AddActivity(a Activity) error {
	c.begin()
	var f faults
	c.checkWho(&f, a.Owner, who{a.Owner, a.Team, a.Segment})
	c.checkDay(&f, a.Owner, a.Date)
	switch a.Kind {
	case Call, Email, Meeting, NoShow:
	default:
		f.add(ErrInput, a.Owner, "kind", string(a.Kind), `is not a kind of activity: use "call", "email", "meeting" or "no-show"`)
	}
	if a.Count == 0 {
		a.Count = 1
	}
	if a.Count < 0 {
		f.add(ErrInput, a.Owner, "count", intText(a.Count), "must not be negative")
	}
	c.room(&f, a.Owner, a.Count)
	if err := f.err(); err != nil {
		return err
	}
	w := c.work(who{a.Owner, a.Team, a.Segment}, a.Date)
	switch a.Kind {
	case Call:
		w.calls += a.Count
	case Email:
		w.emails += a.Count
	case Meeting:
		w.meetings += a.Count
	default:
		w.noShows += a.Count
	}
	c.rows += a.Count
	return nil
}

// AddWorkday counts a day of work.
//
// AddWorkday returns an error ([ErrInput]), and adds nothing, if:
//   - there is no date, or it is after AsOf
//   - Worked or Selling is negative, Worked is more than 24 hours, or Selling is more than Worked
//   - a name is not valid UTF-8
func (c *Scorecard) AddWorkday(d Workday) error {
	c.begin()
	var f faults
	c.checkWho(&f, d.Owner, who{d.Owner, d.Team, d.Segment})
	c.checkDay(&f, d.Owner, d.Date)
	if d.Worked < 0 || d.Worked > 24*time.Hour {
		f.add(ErrInput, d.Owner, "worked", d.Worked.String(), "must be from 0 to 24 hours")
	}
	if d.Selling < 0 || d.Selling > d.Worked {
		f.add(ErrInput, d.Owner, "selling", d.Selling.String(), "must be from 0 to what was worked, "+d.Worked.String())
	}
	worked := int64(d.Worked / time.Minute)
	c.room(&f, d.Owner, 1+worked)
	if err := f.err(); err != nil {
		return err
	}
	w := c.work(who{d.Owner, d.Team, d.Segment}, d.Date)
	w.days++
	w.worked += worked
	w.selling += int64(d.Selling / time.Minute)
	c.rows += 1 + worked
	return nil
}

func (c *Scorecard) checkDay(f *faults, id string, day salesops.Date) {
	if day.IsZero() {
		f.add(ErrInput, id, "date", "", "must be a day")
	}
	c.known(f, id, "date", day)
}

// work returns the facts to which a row of work belongs.
func (c *Scorecard) work(w who, day salesops.Date) *workFacts {
	return make1(&c.cellOn(c.group(c.whose(w)), day).work)
}

// sum adds the counts of o.
func (w *workFacts) sum(o *workFacts) {
	w.calls += o.calls
	w.emails += o.emails
	w.meetings += o.meetings
	w.noShows += o.noShows
	w.days += o.days
	w.worked += o.worked
	w.selling += o.selling
}
