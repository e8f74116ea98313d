/* revision_similar.c */
#include "domain/revision_run.h"
enum problem revision_pair_similar(struct revision_run *run) {
    (void)run;
    return PROBLEM_NONE;
}
