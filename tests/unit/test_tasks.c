/* test_tasks.c: so many at a time and no more, a slot that is free again, an end that waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>

#include "engine/tasks.h"

struct gate {
    struct tasks tasks;
    atomic_bool is_open;
    atomic_int begun, ended;
};

static void pass(void *argument) {
    struct gate *gate = argument;
    atomic_fetch_add(&gate->begun, 1);
    while (!atomic_load(&gate->is_open) && !tasks_must_stop(&gate->tasks))
        sched_yield();
    atomic_fetch_add(&gate->ended, 1);
}

static void so_many_at_a_time(void **state) {
    struct gate gate = {.is_open = false};
    (void)state;
    tasks_init(&gate.tasks);
    for (int round = 1; round <= 3; round++) {
        atomic_store(&gate.is_open, false);
        for (int i = 0; i < TASKS_MAX; i++) {
            enum problem problem;
            do /* a task of the round before may be about to end */
                problem = tasks_start(&gate.tasks, pass, &gate);
            while (problem == PROBLEM_BUSY && round > 1);
            assert_int_equal(problem, PROBLEM_NONE);
        }
        assert_int_equal(tasks_start(&gate.tasks, pass, &gate), PROBLEM_BUSY);
        atomic_store(&gate.is_open, true);
        while (atomic_load(&gate.ended) < round * TASKS_MAX)
            sched_yield();
    }
    tasks_fini(&gate.tasks);
    assert_int_equal(gate.begun, 3 * TASKS_MAX);
}

static void the_end_waits(void **state) {
    struct gate gate = {.is_open = false};
    (void)state;
    tasks_init(&gate.tasks);
    assert_int_equal(tasks_start(&gate.tasks, pass, &gate), PROBLEM_NONE);
    assert_int_equal(tasks_start(&gate.tasks, pass, &gate), PROBLEM_NONE);
    assert_false(tasks_must_stop(&gate.tasks));
    tasks_fini(&gate.tasks);
    assert_int_equal(gate.ended, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_at_a_time),
        cmocka_unit_test(the_end_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
