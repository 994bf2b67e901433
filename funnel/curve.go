package funnel

import (
	"iter"
	"slices"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// Curve is an estimate for every tick: a step function that changes at its points and is constant from one up to the next. See
// [Lifetimes.Survival], [Lifetimes.Incidence] and [Lifetimes.Hazard].
type Curve struct {
	// Kind is what the values are.
	Kind CurveKind `json:"kind"`
	// By is the exit that an incidence is of; "" for the others.
	By Exit `json:"by,omitempty"`
	// CI is what the confidence limits are, with nothing left to default.
	CI CI `json:"ci"`
	// Points are the ticks at which spells enter or leave, ascending.
	Points []Point `json:"points"`
	// Support is the greatest tick of which the spells tell: the last at which one leaves. If at some tick nobody is left at
	// risk, and others enter after a gap, it is the tick before the gap: nobody knows what happens in it. If all who were at
	// risk ended at a tick, and others enter later, it is the tick before that one: survival falls to 0 there though some are
	// known to go on (see [Lifetimes.Survival]). It may be -1.
	Support int `json:"support"`
	// Complete is whether all spells that were at risk last ended: beyond Support there is nothing left to happen, so that
	// survival and incidences are known there too.
	Complete bool `json:"complete"`
}

// CurveKind is what the values of a [Curve] are.
type CurveKind string

// The kinds of curve.
const (
	SurvivalCurve  CurveKind = "survival"  // the share that has not ended, from 1 down
	IncidenceCurve CurveKind = "incidence" // the share that has ended by one exit, from 0 up
	HazardCurve    CurveKind = "hazard"    // the cumulative hazard of ending, from 0 up, beyond 1 too
)

// Point is what a [Curve] says of a tick.
type Point struct {
	// Tick is the age.
	Tick int `json:"tick"`
	// AtRisk is the number of spells that could have ended at the tick.
	AtRisk int64 `json:"atRisk"`
	// Events is how many of them ended at the tick: for an incidence by its exit, else by any.
	Events int64 `json:"events"`
	// Competing is how many of them ended by other exits than that of an incidence; 0 for other curves.
	Competing int64 `json:"competing,omitempty"`
	// Censored is how many of them were last seen at the tick, still open.
	Censored int64 `json:"censored"`
	// Value is the estimate just after the tick.
	Value float64 `json:"value"`
	// SE is the standard error of Value; 0 if not Bounded.
	SE float64 `json:"se"`
	// Low is the lower confidence limit; 0 if not Bounded.
	Low float64 `json:"low"`
	// High is the upper confidence limit; 0 if not Bounded.
	High float64 `json:"high"`
	// Bounded is whether SE, Low and High are known. They are not where a share is 0 or 1, nor where a hazard is 0: as nothing has
	// happened yet, or all has, the spells do not tell how much the estimate might be off. It does not mean that it is exact.
	Bounded bool `json:"bounded"`
	// Supported is whether the spells tell of the tick: it is not after the curve's Support, or the curve is Complete and not
	// a hazard. Otherwise Value is only what it was when last known.
	Supported bool `json:"supported"`
}

// curve makes a curve of the steps of an estimator.
func (l *Lifetimes) curve(kind CurveKind, by Exit, ci limits, steps iter.Seq[lifetime.Step]) (Curve, error) {
	if l.Len() == 0 {
		return Curve{}, errNoSpells()
	}
	e := l.h.Extent()
	c := Curve{Kind: kind, By: by, CI: ci.ci, Points: make([]Point, 0, e.Rows), Support: e.Support, Complete: e.Complete}
	between := ci.scale.Share
	if kind == HazardCurve {
		between = ci.scale.Hazard
	}
	for s := range steps {
		p := Point{
			Tick: s.Tick, AtRisk: s.AtRisk, Events: s.Events, Competing: s.Competing, Censored: s.Censored, Value: s.Value,
			Supported: c.supports(s.Tick),
		}
		if p.Low, p.High, p.Bounded = between(s.Value, s.SE, ci.z); p.Bounded {
			p.SE = s.SE
		}
		c.Points = append(c.Points, p)
	}
	return c, nil
}

// errNoSpells says that there is nothing to estimate from.
func errNoSpells() error {
	return &Error{Path: "spells", Msg: "must be one at least, else nothing tells how long they last", Err: ErrUndefined}
}

// supports reports whether the spells tell of a tick.
func (c *Curve) supports(tick int) bool {
	return tick <= c.Support || c.Complete && c.Kind != HazardCurve
}

// At returns what the curve says of a tick: the last point at or before it, with the number at risk at the tick, and with no
// events unless it is that of a point. Before the first point nothing has happened, and nobody is known to be at risk. It
// takes O(log n) time.
func (c Curve) At(tick int) Point {
	at, found := slices.BinarySearchFunc(c.Points, tick, func(p Point, tick int) int {
		switch {
		case p.Tick < tick:
			return -1
		case p.Tick > tick:
			return 1
		}
		return 0
	})
	switch {
	case found:
		return c.Points[at]
	case at == 0:
		p := Point{Tick: tick, Supported: c.supports(tick)}
		if c.Kind == SurvivalCurve {
			p.Value = 1
		}
		return p
	}
	p := c.Points[at-1]
	p.AtRisk -= p.Events + p.Competing + p.Censored
	p.Tick, p.Events, p.Competing, p.Censored = tick, 0, 0, 0
	p.Supported = c.supports(tick)
	return p
}
