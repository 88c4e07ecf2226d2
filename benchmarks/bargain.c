/* The bargaining of a week in C, on the very same records: the practical limit of one thread.
 *
 * `layout.h` is written from the records' numpy types by in_c.py, so that the two cannot drift apart. The algorithm is that of
 * `pricing.py`: the same rounds, the same table for Wright's omega.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

static const double FIRST = -30.0, STEPS = 128.0;

static double max(double a, double b) { return a > b ? a : b; }

/* Wright's omega from the table; beyond it the product iterates, which no market of the benchmark needs. */
static double omega(const double *table, int64_t n_rows, double z) {
    if (z < FIRST) return exp(z);
    double place = (z - FIRST) * STEPS;
    int64_t left = (int64_t)place;
    if (left >= n_rows - 1) return NAN;
    double share = place - (double)left;
    const double *at = &table[2 * left];
    double rise = at[2] - at[0];
    double bend = (3.0 * rise - 2.0 * at[1] - at[3]) + share * (at[1] + at[3] - 2.0 * rise);
    return at[0] + share * (at[1] + share * bend);
}

static void bargain(const Settings *s, const double *omegas, int64_t n_omegas, Offer *table, int n, double slope, double scale) {
    double best = s->worth_nothing, steep = slope / scale;
    for (int i = 0; i < n; i++) best = max(best, table[i].appeal - slope * table[i].cost);
    for (int i = 0; i < n; i++) {
        table[i].exponent = (table[i].appeal - best) / scale;
        table[i].price = 1.0, table[i].pass_through = 0.0;
    }
    double idle = exp((s->worth_nothing - best) / scale);
    for (int round = 0; round < (int)s->bargaining_rounds; round++) {
        for (int i = 0; i < n; i++) table[i].attraction = exp(table[i].exponent - steep * table[i].price);
        for (int i = 0; i < n; i++) {
            double others = idle;
            for (int j = 0; j < n; j++)
                if (j != i) others += table[j].attraction;
            double conduct = table[i].conduct, log_conduct = conduct == 1.0 ? 0.0 : log(conduct);
            double eager = (table[i].appeal_believed - slope * table[i].cost) / scale;
            double odds = omega(omegas, n_omegas, eager - conduct + log_conduct - (best / scale + log(others)));
            double reply = table[i].cost + scale / slope * (conduct + odds);
            table[i].pass_through += s->bargaining_concession * (1.0 / (1.0 + odds) - table[i].pass_through);
            table[i].price += s->bargaining_concession * (reply - table[i].price);
        }
    }
    for (int i = 0; i < n; i++) {
        Offer *offer = &table[i];
        offer->price += offer->stickiness * (offer->usual_price - offer->price) - offer->closing_discount;
        offer->price += offer->shift * offer->price;
        offer->pass_through *= 1.0 - offer->stickiness;
        if (offer->price < offer->floor) offer->price = offer->floor, offer->pass_through = 0.0;
        if (offer->price > 1.0) offer->price = 1.0, offer->pass_through = 0.0;
    }
}

void bargain_all(const Settings *s, const double *omegas, int64_t n_omegas, Offer *tables, const double *slopes, const double *scales,
                 int64_t n_tables, int64_t n_offers, int times) {
    for (int time = 0; time < times; time++)
        for (int64_t i = 0; i < n_tables; i++)
            bargain(s, omegas, n_omegas, &tables[i * n_offers], (int)n_offers, slopes[i], scales[i]);
}
