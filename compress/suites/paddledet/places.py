"""Where a config of PaddleDetection names classes."""

from __future__ import annotations

PARTS = frozenset(
    {
        "anchor_assign",
        "anchor_generator",
        "assigner",
        "aux_head",
        "backbone",
        "bbox_assigner",
        "bbox_head",
        "bbox_loss",
        "bbox_post_process",
        "blaze_head",
        "clr_head",
        "contrast_loss",
        "conv_feat",
        "detr_head",
        "dgqp_module",
        "emb_loss",
        "encoder_layer",
        "fcos_cr_loss",
        "fcos_feat",
        "fcos_head",
        "fcos_loss",
        "head",
        "hm_loss",
        "hrhrnet_head",
        "iou_aware_loss",
        "iou_loss",
        "jde_loss",
        "loss",
        "loss_bbox",
        "loss_class",
        "loss_cot",
        "loss_dfl",
        "loss_func",
        "loss_kd",
        "loss_ld",
        "loss_ld_vlr",
        "loss_rpn_bbox",
        "mask_assigner",
        "mask_head",
        "mask_nms",
        "mask_post_process",
        "neck",
        "nms",
        "plugin_head",
        "postprocess",
        "roi_head",
        "rpn_head",
        "solov2_head",
        "solov2_loss",
        "ssd_head",
        "static_assigner",
        "trans_encoder",
        "tracker",
        "transformer",
        "ttf_head",
        "wh_loss",
        "yolo_head",
    }
)
"""Keys under which a section names another that is built for it (``__inject__``, and ``create`` in
``from_config``). ``post_process``, ``detector`` and ``reid`` are left out: they may hold names that
are never built.
"""
DATASETS = (
    "TrainDataset",
    "EvalDataset",
    "TestDataset",
    "EvalMOTDataset",
    "TestMOTDataset",
    "UnsupTrainDataset",
)
"""Sections that name a data set as ``name:``."""
