package comp_test

import (
	"testing"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// drawn is a plan that pays what is sold, with one draw.
func drawn(draw comp.Draw) comp.Plan {
	p := flat("1", nil)
	p.Negative, p.Draws = "", []comp.Draw{draw}
	return p
}

// drawRow is a pay period: what is earned, what is paid, and the balance after it.
type drawRow struct{ day, earned, paid, balance string }

func wantDraws(t *testing.T, p comp.Plan, rows ...drawRow) {
	t.Helper()
	b := openBooks(t, p, payee("0"))
	for _, row := range rows {
		st := b.close(row.day, booking("deal "+row.day, row.day, row.earned))
		same(t, row.day+": earned", st.Earned, row.earned)
		same(t, row.day+": paid", st.Net, row.paid)
		same(t, row.day+": balance", st.After.Draw, row.balance)
	}
}

// Oracle, "Example of Incentive Compensation Draw and Recovery": a draw of 1,000 a
// period, recovered from the fourth on. The source's periods 4 to 6 are cut in the
// copy we have; our April is what the recovery should then be.
func TestE59_delayedRecovery(t *testing.T) {
	plan := drawn(comp.Draw{Kind: comp.Guarantee, Amount: d("1000"), Recover: d("1"), Start: on("2026-04-01")})
	wantDraws(t, plan,
		drawRow{"2026-01-10", "500", "1000", "500"},
		drawRow{"2026-02-10", "700", "1000", "800"},
		drawRow{"2026-03-10", "400", "1000", "1400"},
		drawRow{"2026-04-10", "1700", "1000", "700"},
	)
	wantDraws(t, plan, // a surplus before the start is paid in full
		drawRow{"2026-01-10", "500", "1000", "500"},
		drawRow{"2026-02-10", "1700", "1700", "500"},
	)
}

// Studypool 183314: a draw of 1,000 a week. The source's third row is misprinted;
// its other rows follow from the one that stands here.
func TestE60_recoverable(t *testing.T) {
	plan := drawn(comp.Draw{Kind: comp.Guarantee, Amount: d("1000"), Recover: d("1")})
	plan.Every, plan.Calendar = salesops.Week, salesops.Calendar{WeekStart: time.Monday}
	wantDraws(t, plan,
		drawRow{"2026-03-02", "400", "1000", "600"},
		drawRow{"2026-03-09", "600", "1000", "1000"},
		drawRow{"2026-03-16", "1200", "1000", "800"},
		drawRow{"2026-03-23", "1500", "1000", "300"},
		drawRow{"2026-03-30", "1400", "1100", "0"},
	)
}

// Siebel Incentive Compensation, plan design guide, draws: 1,200 are added to what
// was earned. A draw that is not recoverable leaves no balance.
func TestE61_guarantee(t *testing.T) {
	for share, balance := range map[string]string{"0": "0", "1": "1200"} {
		plan := drawn(comp.Draw{Kind: comp.Guarantee, Amount: d("2000"), Recover: d(share)})
		b := openBooks(t, plan, payee("0"))
		st := b.close("2026-01-01", booking("a", "2026-01-10", "800"))
		same(t, "paid", st.Net, "2000")
		wantLine(t, st, "draw//draws~10/2026-01-01", comp.Drawn, "1200")
		same(t, "balance", st.After.Draw, balance)
	}
}

// Visdum, "Recoverable and Non-Recoverable Draw": an advance is set off at the end
// of the month; what it exceeds pay by is owed.
func TestE62_advance(t *testing.T) {
	for _, x := range []struct{ advance, earned, paid, owed string }{{"4000", "6000", "2000", "0"}, {"3000", "2000", "0", "1000"}} {
		plan := drawn(comp.Draw{ID: "advance", Kind: comp.Advance, Amount: d(x.advance), Recover: d("1")})
		b := openBooks(t, plan, payee("0"))
		st := b.close("2026-01-01", booking("a", "2026-01-10", x.earned))
		same(t, "paid at the end of the month", st.Net, x.paid)
		same(t, "owed", st.After.Draw, x.owed)
		wantLine(t, st, "advance//advance/2026-01-01", comp.Advanced, "-"+x.advance)
	}
}
