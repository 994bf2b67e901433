package main

import (
	"slices"
	"time"

	"github.com/salesops-go/salesops"
)

// A move is a row of history.csv: an opportunity came to a stage.
type move struct {
	deal  *deal
	stage stage
	at    time.Time
	by    string
}

// slowTeam keeps its deals in Needs Analysis longer than the others do: what a review of the funnel should find.
const slowTeam = 3

// recall draws how deals went through the stages. Most go through all of them; some jump over one, some fall back. It
// agrees with the snapshots. It draws from a source of its own, so that the other files stay as they are.
func (c *company) recall(s *source) {
	seen := map[*deal][]state{}
	for _, v := range c.states {
		seen[v.deal] = append(seen[v.deal], v)
	}
	for _, d := range c.deals {
		c.moves = append(c.moves, s.way(d, seen[d])...)
	}
	slices.SortStableFunc(c.moves, func(a, b move) int { return a.at.Compare(b.at) })
}

// way draws the moves of a deal. seen are its rows in the snapshots.
func (s *source) way(d *deal, seen []state) []move {
	furthest := negotiation
	switch {
	case d.stage < closedWon:
		furthest = d.stage
	case d.stage == closedLost:
		furthest = stage(s.weighted(26, 36, 26, 12))
	}
	for _, v := range seen {
		furthest = max(furthest, v.stage)
	}
	cycle := max(d.closed.DaysSince(d.created), 1)
	if d.stage < closedWon {
		cycle = max(yearEnd.DaysSince(d.created), 1)
	}
	share := [...]int{0, 24, 48, 76} // percent of the cycle at which a stage is entered
	if d.owner.managerOn(d.created) == slowTeam {
		share = [...]int{0, 12, 62, 82}
	}
	var enter [negotiation + 1]salesops.Date
	for k := range furthest + 1 {
		at := share[k] * (int(furthest) + 2) // the stages reached share the cycle
		enter[k] = d.created
		if k > 0 {
			enter[k] = d.created.AddDays(cycle * (at + 5*s.between(-6, 6)) / (5 * 100))
		}
	}
	back := d.stage < closedWon && furthest > d.stage // it is at an earlier stage now than it was before
	for _, v := range seen {                          // at the start of the day
		if back && v.asOf == yearEnd {
			break
		}
		for k := range furthest + 1 {
			if before := v.asOf.AddDays(-1); k <= v.stage && enter[k].After(before) {
				enter[k] = before
			}
			if k > v.stage && enter[k].Before(v.asOf) {
				enter[k] = v.asOf
			}
		}
	}
	end := yearEnd
	if d.stage >= closedWon {
		end = d.closed
	}
	var days []salesops.Date
	var to []stage
	for k := range furthest + 1 {
		leave := end
		if k < furthest {
			leave = enter[k+1]
		}
		stays := leave.DaysSince(enter[k])
		watched := slices.ContainsFunc(seen, func(v state) bool { return !v.asOf.Before(enter[k]) && !v.asOf.After(leave) })
		if k > 0 && k < furthest && (stays == 0 || s.chance(60)) && !watched {
			continue // jumped over
		}
		days, to = append(days, enter[k]), append(to, k)
		if k > 0 && stays > 12 && !watched && s.chance(220) && to[max(len(to)-2, 0)] < k { // falls back for a while
			days, to = append(days, enter[k].AddDays(stays/3)), append(to, to[len(to)-2])
			days, to = append(days, enter[k].AddDays(stays*2/3)), append(to, k)
		}
	}
	switch {
	case d.stage >= closedWon:
		days, to = append(days, d.closed), append(to, d.stage)
	case back:
		days, to = append(days, yearEnd.AddDays(-s.between(1, 20))), append(to, d.stage)
	}
	return s.moves(d, days, to)
}

// moves gives the moves of a deal their time of day.
func (s *source) moves(d *deal, days []salesops.Date, to []stage) []move {
	var out []move
	minute, day := 0, salesops.Date{}
	for i := range to {
		if days[i].After(day) {
			minute = 8*60 + s.below(7*60)
		} else {
			days[i] = day // no earlier than the move before
			minute += s.between(1, 20)
		}
		day = days[i]
		at := day.Time(time.UTC).Add(time.Duration(minute) * time.Minute)
		out = append(out, move{d, to[i], at, d.owner.name})
	}
	return out
}

func (c *company) historyCSV() []byte {
	rows := [][]string{{"opportunity", "stage", "at", "by"}}
	for _, m := range c.moves {
		rows = append(rows, []string{m.deal.key(), stages[m.stage].name, m.at.Format(time.RFC3339), m.by})
	}
	return table(rows)
}
