package funnel

// onwardWays is where deals go from each stage, and what comes of it.
type onwardWays struct {
	chain Chain          // has two ends: won, and not won
	rows  [2][]onwardRow // of the current flow and of the baseline, by stage
	win   []float64      // the chance of a deal in a stage to be won
}

// onwardRow is where visits of a stage lead.
type onwardRow struct {
	known   bool
	next    []float64
	won     float64
	notWon  float64
	visited int64 // visits that ended
}

// onward returns the ways of the current flow. For a stage of which fewer visits than enough have ended, and of which the baseline
// knows more, it takes those of the baseline. A stage from which no deal has come to an end leads to no win.
func onward(cur, base *Flow, enough int64) (onwardWays, error) {
	var w onwardWays
	w.chain.Ends = []Stage{{Key: "won", End: Won}, {Key: "not won", End: Lost}}
	worked := cur.pipe.worked
	began := int64(0)
	for at := range worked {
		began += cur.start[at].n
	}
	for at := range worked {
		a, b := cur.onwardRow(at), base.onwardRow(at)
		w.rows[0], w.rows[1] = append(w.rows[0], a), append(w.rows[1], b)
		if !a.known || a.visited < enough && b.visited > a.visited {
			a = b
		}
		if !a.known {
			a = onwardRow{next: make([]float64, worked), notWon: 1}
		}
		w.chain.Stages = append(w.chain.Stages, cur.pipe.stages[at].Key)
		w.chain.Next = append(w.chain.Next, a.next)
		w.chain.End = append(w.chain.End, []float64{a.won, a.notWon})
		if began > 0 {
			w.chain.Start = append(w.chain.Start, float64(cur.start[at].n)/float64(began))
		}
	}
	w.closeLoops()
	all, err := w.chain.Absorb()
	w.win = all.Win
	return w, err
}

// closeLoops ends the ways of stages from which no way leads to an end: deals that have moved to and fro so far, and none won.
func (w *onwardWays) closeLoops() {
	c := &w.chain
	ending := make([]bool, len(c.Stages))
	for found := true; found; {
		found = false
		for i := range c.Stages {
			if ending[i] {
				continue
			}
			ending[i] = c.End[i][0] > 0 || c.End[i][1] > 0
			for j, p := range c.Next[i] {
				ending[i] = ending[i] || p > 0 && ending[j]
			}
			found = found || ending[i]
		}
	}
	for i, ok := range ending {
		if !ok {
			c.Next[i], c.End[i] = make([]float64, len(c.Stages)), []float64{0, 1}
		}
	}
}

// onwardRow returns where the visits of a stage lead in the end, as far as they were watched, with open visits censored.
func (f *Flow) onwardRow(at int) onwardRow {
	var shares [exitKinds]float64
	settled := 0.0
	l := &f.times[at]
	for i, e := range [exitKinds]Exit{Advanced, Regressed, Won, Lost, Left} {
		if c, ok := l.cause(e); ok {
			shares[i] = incidenceBy(l, c, MaxTick)
			settled += shares[i]
		}
	}
	if settled == 0 {
		return onwardRow{}
	}
	nodes := make([]int, f.pipe.worked)
	for i := range nodes {
		nodes[i] = i
	}
	next, ends := f.row(at, nodes, shares)
	s := f.stage(at)
	w := onwardRow{known: true, next: next, visited: s.Entered.Count - s.Open.Count}
	for i, p := range ends {
		if f.pipe.isWon(f.pipe.worked + i) {
			w.won += p
		} else {
			w.notWon += p
		}
	}
	return w
}

// worth returns by how much an advance or a win raises the chance of a deal in a stage to be won, 0 if neither flow knows.
func (w *onwardWays) worth(at int) float64 {
	on, onKnown := w.chance(at, func(row onwardRow) (mass, win float64) {
		mass, win = row.won, row.won
		for to := at + 1; to < len(row.next); to++ {
			mass += row.next[to]
			win += float64(row.next[to] * w.win[to])
		}
		return mass, win
	})
	off, _ := w.chance(at, func(row onwardRow) (mass, win float64) {
		mass = row.notWon
		for to, p := range row.next[:at+1] {
			mass += p
			win += float64(p * w.win[to])
		}
		return mass, win
	})
	if !onKnown {
		return 0
	}
	return on - off
}

// chance returns the chance to win of the part of the visits of a stage that the function picks: as it is in the current flow, or
// in the baseline if there is none in the current one.
func (w *onwardWays) chance(at int, part func(row onwardRow) (mass, win float64)) (chance float64, ok bool) {
	for _, rows := range w.rows {
		if row := rows[at]; row.known {
			if mass, win := part(row); mass > 0 {
				return min(win/mass, 1), true
			}
		}
	}
	return 0, false
}

// loads returns what the stages weigh, given how long visits of the current flow last.
func (w *onwardWays) loads(cur *Flow, hold []float64) ([]StageLoad, error) {
	w.chain.Hold = hold
	all, err := w.chain.Absorb()
	if err != nil {
		return nil, err
	}
	loads := make([]StageLoad, len(w.chain.Stages))
	for i, key := range w.chain.Stages {
		loads[i] = StageLoad{Stage: key, Visits: cur.stage(i).Entered.Count, Win: all.Win[i]}
		if all.TimeShare != nil {
			loads[i].TimeShare = &all.TimeShare[i]
		}
		if all.Elasticity != nil {
			loads[i].Elasticity = &all.Elasticity[i]
		}
	}
	return loads, nil
}

// chanceBy returns the chance to win of deals that leave a stage by an exit.
func (w *onwardWays) chanceBy(at int, e Exit) float64 {
	switch e {
	case Won:
		return 1
	case Lost, Left:
		return 0
	default: // another stage
	}
	c, _ := w.chance(at, func(row onwardRow) (mass, win float64) {
		to, until := at+1, len(row.next)
		if e == Regressed {
			to, until = 0, at
		}
		for ; to < until; to++ {
			mass += row.next[to]
			win += float64(row.next[to] * w.win[to])
		}
		return mass, win
	})
	return c
}
