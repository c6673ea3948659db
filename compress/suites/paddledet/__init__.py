"""Support for PaddleDetection."""

from compress.suites.paddledet.dialect import PaddleDetDialect
from compress.suites.paddledet.keys import COVERAGE
from compress.suites.paddledet.loading import check_config, check_file
from compress.suites.paddledet.naming import NAMING
from compress.suites.paddledet.registrars import REGISTRARS
from compress.suites.paddledet.scored import unmeasured
from compress.suites.support import SuiteSupport

SUITE = SuiteSupport(
    dialect=PaddleDetDialect(),
    driver="compress.suites.paddledet.in_worker.driver",
    distribution="paddledet",
    hosts=("paddledet.bj.bcebos.com",),
    recipe_folders=("deploy/auto_compression/configs",),
    repositories=("PaddlePaddle/PaddleDetection",),
    registrars=REGISTRARS,
    naming=NAMING,
    check_file=check_file,
    check_config=check_config,
    training_parts=("aux_neck", "aux_head"),  # which Trainer.export deletes
    coverage=COVERAGE,
    unmeasured=unmeasured,
    shared_code=(
        "ppdet/core/",
        "ppdet/engine/trainer.py",
        "ppdet/engine/export_utils.py",
        "ppdet/metrics/coco_utils.py",
        "ppdet/metrics/json_results.py",
        "ppdet/utils/",
    ),
    trained_by=frozenset({"LearningRate", "OptimizerBuilder"}),
    entry_points=lambda _: (
        "ppdet.core.workspace.create",
        "ppdet.core.workspace.load_config",
        "ppdet.engine.trainer.Trainer.export",
        "ppdet.metrics.coco_utils.get_infer_results",
    ),
)
