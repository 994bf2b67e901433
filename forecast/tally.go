package forecast

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Tally counts deals that are decided: those that were won, and all that closed. Its zero value is none.
type Tally struct {
	// Won is the number of deals won.
	Won int `json:"won"`
	// Closed is the number of deals won or lost.
	Closed int `json:"closed"`
}

// TallyBy counts the deals that are won or lost by a key, such as the owner or the segment; open deals are not counted, nor
// do their keys get a place. For the rates of stages, count instead the deals that reached the stage, from their history,
// and hand the tallies to [WinRates].
//
// Deals that are won or lost by now are not like those still open: quick outcomes are over-represented, and the more so the
// younger the pipeline. [FitCloseCurve] takes account of that.
//
// TallyBy returns an error ([ErrInput]) if key is nil or gives NaN, or the status of a deal is unknown.
func TallyBy[K cmp.Ordered](deals []Deal, key func(Deal) K) (map[K]Tally, error) {
	var f faults
	if key == nil {
		f.add(ErrInput, "", "key", "", "must be set")
		return nil, f.err()
	}
	out := map[K]Tally{}
	for i := range deals {
		d := &deals[i]
		switch d.Status {
		case "", Open:
		case Won, Lost:
			k := key(*d)
			if k != k {
				f.add(ErrInput, d.ID, "deals/"+strconv.Itoa(i)+"/key", "", "must not be NaN, which equals no other key")
				continue
			}
			t := out[k]
			t.Closed++
			if d.Status == Won {
				t.Won++
			}
			out[k] = t
		default:
			f.add(ErrInput, d.ID, "deals/"+strconv.Itoa(i)+"/status", string(d.Status), `is not a status: use "open", "won" or "lost"`)
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// WinRate is what is known of the win rate of one group.
type WinRate[K cmp.Ordered] struct {
	// Key names the group.
	Key K `json:"key"`
	// Tally counts its deals.
	Tally Tally `json:"tally"`
	// Raw is Won / Closed, nil if none closed.
	Raw *float64 `json:"raw,omitempty"`
	// Rate is the estimate to work with: the raw rate drawn towards that of all groups, the more the fewer deals it rests on.
	Rate float64 `json:"rate"`
	// Low is the lower end of the credible interval of Rate.
	Low float64 `json:"low"`
	// High is the upper end of the credible interval of Rate.
	High float64 `json:"high"`
}

// WinRates estimates the win rates of groups, such as reps, segments or stages, from few deals each, and returns them in
// the order of the keys, with the prior that they were drawn towards. Level is the probability of the credible intervals,
// 0.8 for 80 %.
//
// Five deals won of five are not a win rate of 100 %: the rates of groups that are alike in kind are drawn towards each other
// by the evidence of all of them, see [FitPrior]. Practice knows this as "use the team's rate below five deals", which is
// the same with a cliff.
//
// WinRates returns an error ([ErrInput]) if a tally is negative or has more deals won than closed, or level is not
// above 0 and below 1.
func WinRates[K cmp.Ordered](tallies map[K]Tally, level float64) ([]WinRate[K], Prior, error) {
	var f faults
	if !(level > 0 && level < 1) {
		f.add(ErrInput, "", "level", floatText(level), "must be above 0 and below 1; 0.8 is 80 %")
	}
	keys := slices.Sorted(maps.Keys(tallies))
	for _, k := range keys {
		f.tally("tallies/"+clip(fmt.Sprint(k)), tallies[k])
	}
	if err := f.err(); err != nil {
		return nil, Prior{}, err
	}
	list := make([]Tally, len(keys))
	for i, k := range keys {
		list[i] = tallies[k]
	}
	prior, err := FitPrior(list)
	if err != nil {
		return nil, Prior{}, err
	}
	out := make([]WinRate[K], len(keys))
	for i, k := range keys {
		r := WinRate[K]{Key: k, Tally: list[i]}
		if r.Tally.Closed > 0 {
			raw := float64(r.Tally.Won) / float64(r.Tally.Closed)
			r.Raw = &raw
		}
		if r.Rate, err = prior.Rate(r.Tally); err != nil {
			return nil, Prior{}, err
		}
		if r.Low, r.High, err = prior.Interval(r.Tally, level); err != nil {
			return nil, Prior{}, err
		}
		out[i] = r
	}
	return out, prior, nil
}
