package funnel_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/salesops-go/salesops/funnel"
)

// sloTeam is how deals of a simulated team go: from each stage on with a probability, back to the stage before with another, after a
// number of days with a mean.
type sloTeam struct {
	on, back [4]float64
	days     [4]float64
}

func sloUsual() sloTeam {
	return sloTeam{on: [4]float64{0.5, 0.6, 0.5, 0.7}, back: [4]float64{0, 0.05, 0.1, 0.05}, days: [4]float64{10, 7, 15, 12}}
}

// flow returns a flow of n deals that begin within 90 days, seen after 120, so that many are open.
func (s sloTeam) flow(t *testing.T, p funnel.Pipeline, n int, seed uint64) *funnel.Flow {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	stages := p.Stages()
	v := funnel.View{Pipeline: p, AsOf: sloDay(120)}
	var f funnel.Flow
	var moves []funnel.Move
	for range n {
		at, when := 0, sloDay(0).Add(time.Duration(rng.Float64()*90*24*float64(time.Hour)))
		moves = append(moves[:0], funnel.Move{To: stages[0].Key, At: when})
		for at < 4 && !when.After(v.AsOf) {
			when = when.Add(time.Duration(rng.ExpFloat64() * s.days[at] * 24 * float64(time.Hour)))
			switch u := rng.Float64(); {
			case u < s.on[at]:
				at++ // after the last stage comes the win
			case u < s.on[at]+s.back[at]:
				at--
			default:
				at = 5
			}
			moves = append(moves, funnel.Move{To: stages[at].Key, At: when})
		}
		if err := f.Add(v, funnel.Journey{Moves: moves}); err != nil {
			t.Fatal(err)
		}
	}
	return &f
}

// One stage converts worse and one is slower. They must come first, and of all findings that are reported no more than 5 % may be false
// on average, nor in more than 5 % of the pairs of flows without a difference may any be, for each cause. With 200 pairs each,
// the bounds are three standard errors above that.
func TestBottlenecks_falseDiscoveries(t *testing.T) {
	p, err := funnel.NewPipeline(
		funnel.Stage{Key: "Lead"}, funnel.Stage{Key: "Demo"}, funnel.Stage{Key: "Offer"}, funnel.Stage{Key: "Legal"},
		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost},
	)
	if err != nil {
		t.Fatal(err)
	}
	usual, planted := sloUsual(), sloUsual()
	planted.on[2], planted.days[1] = 0.25, 14
	reported := func(d funnel.Diagnosis, cause funnel.Cause) (found []funnel.Finding) {
		for _, f := range d.Findings {
			if f.Cause == cause && (f.Verdict == funnel.Worse || f.Verdict == funnel.Better) {
				found = append(found, f)
			}
		}
		return found
	}
	const seeds = 200
	causes := map[funnel.Cause]string{funnel.CauseConversion: "Offer", funnel.CauseTime: "Demo", funnel.CauseRework: ""}
	alarms, falseShare, first := map[funnel.Cause]float64{}, map[funnel.Cause]float64{}, map[funnel.Cause]int{}
	for seed := range uint64(seeds) {
		base := usual.flow(t, p, 400, 3*seed)
		same, err := funnel.Bottlenecks(usual.flow(t, p, 400, 3*seed+1), base, funnel.BottleneckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		worse, err := funnel.Bottlenecks(planted.flow(t, p, 400, 3*seed+2), base, funnel.BottleneckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for cause, stage := range causes {
			if len(reported(same, cause)) > 0 {
				alarms[cause]++
			}
			found := reported(worse, cause)
			wrong := 0.0
			for _, f := range found {
				if f.Stage != stage {
					wrong++
				}
			}
			if len(found) > 0 {
				falseShare[cause] += wrong / float64(len(found))
				if found[0].Stage == stage && found[0].Verdict == funnel.Worse {
					first[cause]++
				}
			}
		}
	}
	t.Logf("false alarms %v, false share %v, planted stage first %v, of %d", alarms, falseShare, first, seeds)
	const bound = seeds*0.05 + 3*3.1 // of a binomial with 200 × 0.05 = 10
	for cause, stage := range causes {
		if alarms[cause] > bound {
			t.Errorf("%s: false alarms in %v of %d pairs without a difference, want 5 %%", cause, alarms[cause], seeds)
		}
		if stage != "" && falseShare[cause] > bound {
			t.Errorf("%s: %v of %d findings false, want 5 %%", cause, falseShare[cause], seeds)
		}
		if stage != "" && first[cause] < seeds*8/10 {
			t.Errorf("%s: %s comes first in %d of %d only", cause, stage, first[cause], seeds)
		}
	}
}
