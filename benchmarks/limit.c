/* The heaviest phases of a week in C, on the very same records: the practical limit of one thread.
 *
 * `layout.h` is written from the records' numpy types by limit.py, so that the two cannot drift apart. The algorithm is the
 * product's: the same lists, the same table for Wright's omega, the same keyed draws.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

enum { WORKING, READY, CLOSED };
enum { OPEN = 0, STALLED = -1, EMPTY = -2, DOUBTED = -3, WORTHLESS = -4, BOUGHT = 1 };
enum { BEFORE, NOW };
enum { STALL = 17, TASTE = 18 };
enum { LOST = 2, DECLINED = 3 };
static const double PLAN_END = 1e-9, FIRST = -30.0, STEPS = 128.0;

static double min(double a, double b) { return a < b ? a : b; }
static double max(double a, double b) { return a > b ? a : b; }

/* Draws */

static uint64_t mix(uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}

static double draw(uint64_t seed, uint64_t purpose, uint64_t who, uint64_t occasion) {
    const uint64_t golden = 0x9E3779B97F4A7C15u;
    uint64_t bits = mix(seed + golden * (purpose + 1));
    bits = mix(bits + golden * (who + 1));
    return (double)(mix(bits + golden * (occasion + 1)) >> 11) * 0x1p-53;
}

static double gumbel(double uniform) { return -log(-log(max(uniform, 1e-300))); }

/* Stocks */

static double trust_in(const Relation *r) {
    return r->person_weight * r->trust_person + (1.0 - r->person_weight) * r->trust_firm;
}

static double moved(double level, double step) {
    step = max(-1.0, min(1.0, step));
    return step > 0.0 ? level + step * (1.0 - level) : level + step * level;
}

static void push_firm(Relation *r, Vendor *v, double step) {
    double before = trust_in(r);
    r->trust_firm = moved(r->trust_firm, step);
    v->trust_total += trust_in(r) - before;
}

static void push_sameness(Customer *c, Totals *totals, double step) {
    double before = c->perceived_sameness;
    c->perceived_sameness = moved(before, step);
    totals->difference_total -= c->perceived_sameness - before;
}

static void fade(Relation *r, const Trend *trends, int week) {
    r->access *= trends[week - r->access_week].access_left;
    r->access_week = week;
}

static double opened(double access, double hours, double gain) { return access + (1.0 - access) * (1.0 - exp(-gain * hours)); }

static double between(double before, double now, double share) { return before + share * (now - before); }

static Relation *relation_of(World *w, int customer, int vendor) {
    return &w->relations[(int64_t)customer * w->n_vendors + vendor];
}

static Levers *levers_of(World *w, int vendor, int when) { return &w->levers[vendor * 2 + when]; }

/* Work on deals */

static int waits(const Purchase *p) { return p->n_working > 0 || p->sponsored == 1; }

static int needs_sponsor(const Purchase *p, int row, int closed) { return p->won < 0 ? !closed : row == p->won; }

static double weight_of(const Deal *deal, double early) { return deal->stage == WORKING ? early : 1.0 - early; }

static void count_work(World *w) {
    for (int i = 0; i < w->n_salespeople; i++) w->salespeople[i].working = 0;
    for (int i = 0; i < w->n_partners; i++) w->partners[i].working = 0;
    for (int i = 0; i < w->n_executives; i++) w->executives[i].demand = 0.0;
    for (int i = 0; i < w->totals->n_purchases; i++) {
        Purchase *p = &w->purchases[i];
        if (!waits(p)) continue;
        for (int d = p->first_deal; d < p->first_deal + p->n_deals; d++) {
            Deal *deal = &w->deals[d];
            if (deal->stage == WORKING) {
                if (deal->partner >= 0) w->partners[deal->partner].working++;
                else w->salespeople[deal->salesperson].working++;
            }
            if (p->sponsored == 1 && needs_sponsor(p, d, deal->stage == CLOSED)) {
                int executive = relation_of(w, p->customer, deal->vendor)->executive;
                if (executive >= 0)
                    w->executives[executive].demand += weight_of(deal, levers_of(w, deal->vendor, NOW)->executive_early);
            }
        }
    }
}

static void share_hours(World *w) {
    const Settings *s = w->settings;
    count_work(w);
    for (int i = 0; i < w->n_salespeople; i++) {
        w->salespeople[i].hours_used = 0.0;
        w->salespeople[i].hours_per_deal = s->selling_hours_per_deal;
    }
    for (int i = 0; i < w->n_partners; i++) {
        double share = s->partners_hours_per_week / max(1.0, w->partners[i].working);
        w->partners[i].hours_per_deal = min(s->selling_hours_per_deal, share);
    }
    for (int i = 0; i < w->n_executives; i++) {
        Executive *e = &w->executives[i];
        double hours = levers_of(w, e->vendor, NOW)->executive_hours * e->involvement;
        e->hours_per_weight = e->demand > 0.0 ? hours / e->demand : 0.0;
        e->hours_given = 0.0;
    }
}

static void sponsor(World *w, Deal *deal, const Customer *c, Relation *r, int week) {
    const Settings *s = w->settings;
    Executive *e = &w->executives[r->executive];
    fade(r, w->trends, week);
    double weight = weight_of(deal, levers_of(w, deal->vendor, NOW)->executive_early);
    double hours = min(s->executives_hours_per_account, e->hours_per_weight * weight);
    double match = 1.0 - fabs(e->seniority - c->seniority);
    double effective = hours * (s->executives_unmatched_effect + (1.0 - s->executives_unmatched_effect) * match);
    r->access = opened(r->access, effective, s->executives_access_gain);
    e->hours_given += hours;
    push_firm(r, &w->vendors[deal->vendor], 1.0 - exp(-s->trust_executive_gain * effective));
    if (hours < s->executives_neglect_hours) push_firm(r, &w->vendors[deal->vendor], -s->executives_neglect_loss);
    if (deal->closed_week < 0) deal->executive_hours += hours;
}

static double put_hours(const Settings *s, Deal *deal, const Customer *c, Relation *r, double hours, double skill) {
    double diagnosis_left = deal->diagnosis_planned_hours - deal->diagnosis_hours;
    double left = diagnosis_left + (deal->presentation_planned_hours - deal->presentation_hours);
    if (left <= PLAN_END) return 0.0;
    double used = min(hours, left), diagnosis = used * diagnosis_left / left;
    if (diagnosis > 0.0) {
        double told = s->selling_information_base + s->selling_information_trust * trust_in(r);
        told = min(1.0, told + s->selling_information_access * r->access);
        double rate = skill * told / (s->selling_diagnosis_scale_hours * (0.5 + c->complexity));
        deal->depth = opened(deal->depth, diagnosis, rate);
        r->access = opened(r->access, diagnosis, s->selling_diagnosis_access);
    }
    deal->diagnosis_hours += diagnosis;
    deal->presentation_hours += used - diagnosis;
    return used;
}

static void make_ready(World *w, Purchase *p, Deal *deal, const Customer *c, int week) {
    const Settings *s = w->settings;
    const Levers *before = levers_of(w, deal->vendor, BEFORE), *now = levers_of(w, deal->vendor, NOW);
    int through = deal->partner >= 0;
    double follows = through ? w->partners[deal->partner].capability : w->salespeople[deal->salesperson].adoption;
    double untaught = through ? s->partners_promise_inflation : before->promise_inflation;
    double inflation = between(untaught, now->promise_inflation, follows);
    inflation *= 1.0 - s->people_accountability_restraint * now->accountability;
    double cover = deal->breadth * s->worth_package_cover + (1.0 - deal->breadth) * s->worth_depth_cover * deal->depth;
    deal->fit = 1.0 - s->worth_complexity_loss * c->complexity * (1.0 - cover);
    deal->promise = deal->fit + inflation * (1.0 - deal->fit);
    p->n_working--;
    p->changed = 1;
    if (deal->fit < now->decline_fit_below * follows) {
        deal->stage = CLOSED, deal->outcome = LOST, deal->cause = DECLINED, deal->closed_week = week;
        return;
    }
    deal->stage = READY;
    deal->ready_week = week;
    p->n_ready++;
    if (p->offers_week < 0) p->offers_week = week;
}

static void work_on(World *w, Purchase *p, Deal *deal, const Customer *c, Relation *r, int week) {
    const Settings *s = w->settings;
    fade(r, w->trends, week);
    if (deal->partner >= 0) {
        const Partner *partner = &w->partners[deal->partner];
        double skill = s->partners_skill + s->partners_teaching_skill * partner->capability;
        put_hours(s, deal, c, r, partner->hours_per_deal, min(1.0, skill));
        r->access = max(r->access, s->partners_executive_access * levers_of(w, deal->vendor, NOW)->partner_executives);
    } else {
        Salesperson *person = &w->salespeople[deal->salesperson];
        double own = s->selling_hours_per_week * (week < person->vacant_until ? s->people_vacancy_cover : 1.0);
        double skill = person->skill * (1.0 + s->selling_know_how_gain * w->vendors[deal->vendor].know_how);
        own = min(person->hours_per_deal, own / max(1.0, person->working));
        person->hours_used += put_hours(s, deal, c, r, own, min(1.0, skill));
    }
    double left = deal->diagnosis_planned_hours + deal->presentation_planned_hours;
    if (left - deal->diagnosis_hours - deal->presentation_hours <= PLAN_END) make_ready(w, p, deal, c, week);
}

void limit_work(World *w, int week) {
    share_hours(w);
    for (int i = 0; i < w->totals->n_purchases; i++) {
        Purchase *p = &w->purchases[i];
        if (!waits(p)) continue;
        const Customer *c = &w->customers[p->customer];
        for (int d = p->first_deal; d < p->first_deal + p->n_deals; d++) {
            Deal *deal = &w->deals[d];
            Relation *r = relation_of(w, p->customer, deal->vendor);
            if (r->executive >= 0 && needs_sponsor(p, d, deal->stage == CLOSED)) {
                sponsor(w, deal, c, r, week);
                p->changed = 1;
            }
            if (deal->stage == WORKING) work_on(w, p, deal, c, r, week);
        }
    }
}

#include "limit_think.h"
