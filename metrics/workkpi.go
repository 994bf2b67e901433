package metrics

import "github.com/salesops-go/salesops/internal/exact"

// The KPIs of activity.
const (
	Meetings             ID = "meetings"               // meetings held with prospects
	MeetingsPerRepDay    ID = "meetings_per_rep_day"   // for each rep and day worked
	CallsPerRepDay       ID = "calls_per_rep_day"      // calls
	EmailsPerRepDay      ID = "emails_per_rep_day"     // e-mails
	NoShowRate           ID = "no_show_rate"           // meetings to which nobody came
	ActivityToMeeting    ID = "activity_to_meeting"    // meetings for each call or e-mail
	MeetingToOpportunity ID = "meeting_to_opportunity" // deals created for each meeting
	SellingTimeShare     ID = "selling_time_share"     // time for selling
)

func workKPIs() []kpi {
	perDay := func(id ID, name, what string, of func(*workFacts) int64) kpi {
		return kpi{
			Definition: Definition{
				ID: id, Name: name, Formula: what + " ÷ days worked, over all reps", Unit: UnitPerRepDay, Better: Higher, Additivity: Proportional,
				Undefined: "no day of work is recorded; days off are none", Source: "general use",
			},
			none: "no day of work is recorded",
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(of(&r.work)), exact.Int(r.work.days), r.work.days
			},
		}
	}
	meetings := func(w *workFacts) int64 { return w.meetings }
	return []kpi{
		{
			Definition: Definition{
				ID: Meetings, Name: "Meetings", Formula: "number of meetings held with prospects; no-shows are none", Unit: UnitCount, Better: Higher,
				Additivity: Additive, Undefined: "never; 0 without meetings", Source: "general use",
			},
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.work.meetings), exact.Int(1), r.work.meetings
			},
		},
		perDay(MeetingsPerRepDay, "Meeting rate", "meetings", meetings),
		perDay(CallsPerRepDay, "Call rate", "calls", func(w *workFacts) int64 { return w.calls }),
		perDay(EmailsPerRepDay, "E-mail rate", "e-mails", func(w *workFacts) int64 { return w.emails }),
		{
			Definition: Definition{
				ID: NoShowRate, Name: "No-shows", Formula: "no-shows ÷ (meetings + no-shows)", Unit: UnitShare, Better: Lower, Additivity: Proportional,
				Undefined: "no meeting was set", Source: "general use",
			},
			none:   "no meeting was set",
			shares: func(r *reading) (num, den int64) { return r.work.noShows, r.work.meetings + r.work.noShows },
		},
		{
			Definition: Definition{
				ID: ActivityToMeeting, Name: "Activities to meetings", Formula: "(meetings + no-shows) ÷ (calls + e-mails)", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no call or e-mail is recorded; may exceed 1, as meetings come about in other ways too", Source: "general use",
			},
			none: "no call or e-mail is recorded",
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				tries := r.work.calls + r.work.emails
				return exact.Int(r.work.meetings + r.work.noShows), exact.Int(tries), tries
			},
		},
		{
			Definition: Definition{
				ID: MeetingToOpportunity, Name: "Meetings to opportunities", Formula: "deals created ÷ meetings", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no meeting was held; may exceed 1", Source: "general use",
			},
			none: "no meeting was held",
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.created.deals), exact.Int(r.work.meetings), r.work.meetings
			},
		},
		{
			Definition: Definition{
				ID: SellingTimeShare, Name: "Selling time", Formula: "minutes for selling ÷ minutes worked", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no time is recorded. What is selling is for the rows to say: studies find 22 to 45 % by definition",
				Source: "Alexander Group, Salesforce",
			},
			none: "no time is recorded",
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.work.selling), exact.Int(r.work.worked), r.work.days
			},
		},
	}
}
