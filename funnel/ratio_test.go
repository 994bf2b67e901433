package funnel_test

import (
	"encoding/json"
	"math"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

func TestRatio_Float(t *testing.T) {
	for _, v := range []struct {
		num, den int64
		want     float64
		ok       bool
		reason   string
	}{
		{1, 4, 0.25, true, "a share"},
		{0, 4, 0, true, "none of some is 0"},
		{4, 4, 1, true, "all"},
		{0, 0, 0, false, "the share of nothing is undefined, not 0"},
		{3, 0, 0, false, "some of nothing"},
		{1, -4, 0, false, "a negative whole"},
		{math.MaxInt64, math.MaxInt64, 1, true, "the largest counts"},
		{1, math.MaxInt64, 1 / float64(math.MaxInt64), true, "the smallest share"},
		{math.MinInt64, 1, 0, false, "a negative part"},
		{5, 2, 0, false, "more than the whole"},
	} {
		if got, ok := (funnel.Ratio{Num: v.num, Den: v.den}).Float(); got != v.want || ok != v.ok {
			t.Errorf("%d of %d: %g, %t, want %g, %t: %s", v.num, v.den, got, ok, v.want, v.ok, v.reason)
		}
	}
}

// The share is what it is known to be at least and at most, and that of the decided lies in between. The more of the pending
// are decided, the narrower the bounds.
func TestShare_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reached := rapid.Int64Range(0, 1000).Draw(t, "reached")
		pending := rapid.Int64Range(0, 1000).Draw(t, "pending")
		s := funnel.Share{Entered: reached + pending + rapid.Int64Range(0, 1000).Draw(t, "failed"), Reached: reached, Pending: pending}
		least, okLeast := s.Least().Float()
		most, okMost := s.Most().Float()
		settled, okSettled := s.Settled().Float()
		if okLeast != (s.Entered > 0) || okMost != okLeast || okSettled != (s.Entered > s.Pending) {
			t.Errorf("%v: defined %t, %t, %t", s, okLeast, okMost, okSettled)
		}
		if !(0 <= least && least <= most && most <= 1) || okSettled && !(least <= settled && settled <= most) {
			t.Errorf("%v: least %g, settled %g, most %g", s, least, settled, most)
		}
		if pending == 0 && (least != most || settled != most) {
			t.Errorf("%v: nothing is pending, but least %g, settled %g, most %g", s, least, settled, most)
		}
		if pending > 0 {
			won, lost := s, s
			won.Pending, won.Reached = won.Pending-1, won.Reached+1
			lost.Pending--
			if won.Most() != s.Most() || won.Least().Num != s.Least().Num+1 || lost.Least() != s.Least() || lost.Most().Num != s.Most().Num-1 {
				t.Errorf("%v, one more reached: %v, one more failed: %v", s, won, lost)
			}
		}
	})
}

func TestShare_JSON(t *testing.T) {
	type both struct {
		Share funnel.Share `json:"share"`
		Ratio funnel.Ratio `json:"ratio"`
	}
	want := both{funnel.Share{Entered: 10, Reached: 4, Pending: 3}, funnel.Ratio{Num: 4, Den: 7}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != `{"share":{"entered":10,"reached":4,"pending":3},"ratio":{"num":4,"den":7}}` {
		t.Errorf("%s", text)
	}
	var got both
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
