"""Support for PaddleSeg."""

from compress.suites.paddleseg.absent import counting
from compress.suites.paddleseg.coverage import COVERAGE, unmeasured
from compress.suites.paddleseg.dialect import PaddleSegDialect
from compress.suites.paddleseg.loading import check_config, check_file
from compress.suites.paddleseg.naming import NAMING
from compress.suites.paddleseg.registrars import REGISTRARS
from compress.suites.paddleseg.testing import entry_points, evaluated
from compress.suites.paddleseg.validation import channels
from compress.suites.support import SuiteSupport

SUITE = SuiteSupport(
    dialect=PaddleSegDialect(),
    driver="compress.suites.paddleseg.in_worker.driver",
    distribution="paddleseg",
    hosts=("paddleseg.bj.bcebos.com",),
    recipe_folders=("deploy/slim/act/configs",),
    repositories=("PaddlePaddle/PaddleSeg",),
    registrars=REGISTRARS,
    naming=NAMING,
    check_file=check_file,
    check_config=check_config,
    # What configs switch by enable_auxiliary_loss, aux_loss or use_aux_head; outputs of these parts
    # are losses. OCRNet's aux_head is none of them, and every OCRNet has it.
    training_parts=(
        "aux_head",
        "auxlayer",
        "aux_conv",
        "aux_conv_seg",
        "dsn",
        "fcn_head",
        "seghead_extra",
    ),
    coverage=COVERAGE,
    unmeasured=unmeasured,
    evaluated=evaluated,
    channels=channels,
    counting=counting,
    shared_code=(
        "paddleseg/cvlibs/",
        "paddleseg/core/infer.py",
        "paddleseg/deploy/export.py",
        "paddleseg/utils/",
    ),
    entry_points=entry_points,
)
